//! Deliveries, each to a server that fails in its own way.

use std::time::{Duration, Instant};

use tautline::runner::deliver::{Patience, Pushgateway, Webhook};

use super::server::{Answer, FINE, Server};

const METRICS: &str = "# TYPE drift_stack_count gauge\ndrift_stack_count 1\n# EOF\n";

/// Enough for a server on the loopback, however slow the machine is.
const PATIENCE: Patience = Patience {
    per_try: Duration::from_secs(5),
    in_all: Duration::from_mins(1),
    tries: 3,
    pause: Duration::from_millis(10),
};

/// For a server that answers never: nothing is lost if it has not even been asked.
const HASTE: Patience = Patience {
    per_try: Duration::from_secs(1),
    in_all: Duration::from_secs(6),
    tries: 3,
    pause: Duration::from_millis(10),
};

fn put(address: &str) -> Result<(), String> {
    put_within(&PATIENCE, address)
}

fn put_within(patience: &Patience, address: &str) -> Result<(), String> {
    let group = Pushgateway::new(address, "drift", Some("infra")).unwrap();
    group.put(METRICS, patience).map_err(|undelivered| undelivered.to_string())
}

fn post(address: &str) -> Result<(), String> {
    let webhook = Webhook::new(&format!("{address}/services/T0/B0/c4n4ry")).unwrap();
    webhook.post("{\"text\":\"x\"}", &PATIENCE).map_err(|undelivered| undelivered.to_string())
}

#[test]
fn a_group_is_replaced_as_a_whole_in_the_format_that_is_read() {
    let server = Server::start(&[FINE]);
    put(&server.address).unwrap();
    let [asked] = server.asked().try_into().unwrap();
    assert_eq!(asked.what, "PUT /metrics/job/drift/instance/infra");
    assert_eq!(asked.body, "# TYPE drift_stack_count gauge\ndrift_stack_count 1\n");
    assert!(
        asked.headers.iter().any(|it| it.starts_with("content-type: text/plain; version=0.0.4"))
    );
    assert!(asked.headers.iter().any(|it| it.starts_with("user-agent: tautline/")));
}

#[test]
fn a_message_is_posted_once() {
    let server = Server::start(&[FINE]);
    post(&server.address).unwrap();
    let [asked] = server.asked().try_into().unwrap();
    assert_eq!(asked.what, "POST /services/T0/B0/c4n4ry");
    assert_eq!(asked.body, "{\"text\":\"x\"}");
}

#[test]
fn a_server_that_recovers_gets_it() {
    for first in [Answer::Status(500, "", ""), Answer::Status(503, "retry-after: 0", "")] {
        let server = Server::start(&[first, first, FINE]);
        put(&server.address).unwrap();
        assert_eq!(server.asked().len(), 3);
        let server = Server::start(&[first, FINE]);
        post(&server.address).unwrap();
        assert_eq!(server.asked().len(), 2);
    }
    // What breaks off may have arrived. A group can be replaced once more; a message would be there twice.
    let server = Server::start(&[Answer::Close, Answer::Silence, FINE]);
    put(&server.address).unwrap();
    assert_eq!(server.asked().len(), 3);
    for first in [Answer::Close, Answer::Silence, Answer::Drips] {
        let server = Server::start(&[first, FINE]);
        post(&server.address).unwrap_err();
        assert_eq!(server.asked().len(), 1, "{first:?}");
    }
}

#[test]
fn every_failure_ends_in_time_and_says_why() {
    let long = format!("storage is full\n{}", "at rest ".repeat(700));
    for (answer, words) in [
        (Answer::Status(400, "", long.leak()), "it answers 400: storage is full"),
        (Answer::Status(500, "", "storage is full\nmore"), "it answers 500: storage is full;"),
        (
            Answer::Status(400, "", "text format parsing error in line 2"),
            "it answers 400: text format",
        ),
        (Answer::Status(404, "", "<html>"), "it answers 404"),
        (Answer::Status(302, "location: http://127.0.0.1:1/", ""), "redirects are not followed"),
        (Answer::Silence, "it does not answer in time"),
        (Answer::Drips, "it does not answer in time"),
        (Answer::Close, "the connection breaks off"),
        (Answer::Nonsense, "no HTTP"),
    ] {
        let server = Server::start(&[answer]);
        let start = Instant::now();
        let is_endless = matches!(answer, Answer::Silence | Answer::Drips);
        let patience = if is_endless { &HASTE } else { &PATIENCE };
        let why = put_within(patience, &server.address).unwrap_err();
        assert!(why.contains(words), "{answer:?}: {why}");
        assert!(why.starts_with("the metrics for http://127.0.0.1:"), "{why}");
        assert!(start.elapsed() < Duration::from_secs(20), "{answer:?}: {:?}", start.elapsed());
    }
    let why = put(&Server::nowhere()).unwrap_err();
    assert!(why.contains("the connection is refused"), "{why}");
    let why = put("http://nowhere.invalid").unwrap_err();
    assert!(why.contains("its name is not"), "{why}");
}

#[test]
fn who_asks_for_patience_gets_it_within_bounds() {
    let busy = Answer::Status(429, "Retry-After: 1", "");
    let server = Server::start(&[busy, FINE]);
    let start = Instant::now();
    post(&server.address).unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.asked().len(), 2);
    let server = Server::start(&[Answer::Status(429, "Retry-After: 3600", ""), FINE]);
    let why = post(&server.address).unwrap_err();
    assert!(why.contains("it answers 429, and to come back in 3600 s"), "{why}");
    assert_eq!(server.asked().len(), 1);
}

/// The address of a webhook is a password.
#[test]
fn the_address_of_a_webhook_is_in_no_message() {
    for answer in [
        Answer::Status(404, "", "no_service at {path}"),
        Answer::Status(302, "location: /services/T0/B0/c4n4ry", "{path}"),
        Answer::Status(500, "", "{path} {path}"),
        Answer::Nonsense,
        Answer::Close,
        Answer::Silence,
    ] {
        let server = Server::start(&[answer]);
        let why = post(&server.address).unwrap_err();
        assert!(!why.contains("c4n4ry") && !why.contains("T0"), "{why}");
        assert!(why.contains("the news for http://127.0.0.1:"), "{why}");
        assert!(server.asked().iter().all(|asked| asked.what.contains("c4n4ry")));
    }
    assert!(!post(&Server::nowhere()).unwrap_err().contains("c4n4ry"));
}
