//! What schedules come to, and that cron's agree with what a well-known crate makes of them, run by run.

use std::str::FromStr as _;

use chrono::{DateTime, Duration, TimeZone as _, Utc};

use super::period;

const HOUR: f64 = 3_600.0;
const DAY: f64 = 24.0 * HOUR;

#[test]
fn cron_expressions_have_a_longest_wait() {
    for (text, expected) in [
        ("* * * * *", 60.0),
        ("*/15 * * * *", 900.0),
        ("*/7 * * * *", 420.0),
        ("5,50 * * * *", 45.0 * 60.0),
        ("17 */6 * * *", 6.0 * HOUR),
        ("0 12-16 * * *", 20.0 * HOUR),
        ("30 4 * * *", DAY),
        ("0 3 * * 0", 7.0 * DAY),
        ("0 3 * * 7", 7.0 * DAY),
        ("0 3 * * sun", 7.0 * DAY),
        ("0 3 * * mon-fri", 3.0 * DAY),
        ("0 8 1 * *", 31.0 * DAY),
        ("0 0 31 * *", 61.0 * DAY),
        // Either day will do, unless one of them is open.
        ("0 0 13 * 5", 7.0 * DAY),
        ("0 0 */2 * 1", 21.0 * DAY),
        ("0 0 29 2 *", (4.0 * 365.0 + 1.0) * DAY),
        ("@daily", DAY),
        ("@weekly", 7.0 * DAY),
        ("TZ=Europe/London 0 2 * * *", DAY),
    ] {
        assert_eq!(period(text), Some(expected), "{text}");
    }
}

#[test]
fn calendar_expressions_have_one_too() {
    for (text, expected) in [
        ("minutely", 60.0),
        ("hourly", HOUR),
        ("Daily", DAY),
        ("weekly", 7.0 * DAY),
        ("quarterly", 92.0 * DAY),
        ("*-*-* 04:00:00", DAY),
        ("Sun *-*-* 01:00:00", 7.0 * DAY),
        ("Sun 01:00", 7.0 * DAY),
        ("*-*-* 0/6:00:00", 6.0 * HOUR),
        ("*:0/5", 300.0),
        ("*-*-* 01..05:00/20", (24.0 - 4.0) * HOUR - 40.0 * 60.0),
        ("Mon..Fri 09:00", 3.0 * DAY),
        ("Mon,Thu *-*-* 00:00:00", 4.0 * DAY),
        ("Saturday", 7.0 * DAY),
        ("*-*-01 02:30:00 Europe/Sofia", 31.0 * DAY),
        ("*-02-01 00:00:00", 366.0 * DAY),
    ] {
        assert_eq!(period(text), Some(expected), "{text}");
    }
    // Several keys are one schedule.
    assert_eq!(period("*-*-* 02:00\n*-*-* 14:00"), Some(12.0 * HOUR));
    assert_eq!(period("Mon 03:00, Thu 03:00"), Some(4.0 * DAY));
}

#[test]
fn what_is_not_understood_has_none() {
    for text in [
        "",
        "@reboot",
        "@every",
        "60 * * * *",
        "*/0 * * * *",
        "5-1 * * * *",
        "0 0 30 2 *",
        "99999999999999999999 * * * *",
        "0 0 L * *",
        "0 0 * * 5#2",
        "0 0 0 1 1 ? 2027",
        "- - - - -",
        "0 0 1,,2 * *",
        "2027-01-01 00:00:00",
        "*-*~01",
        "*-13-01",
        "25:00",
        "Fri..Mon",
        "Someday",
        "Mon Tue 01:00",
        "@1395716396",
        "0 3 * * *\n@reboot",
    ] {
        assert_eq!(period(text), None, "{text}");
    }
}

/// Walks through the runs that `croner` says there are, and notes the longest time between two. Of `*/2` beside a weekday
/// it takes either day, where the cron of Kubernetes and of Debian take both.
#[test]
fn a_well_known_crate_agrees_about_cron() {
    let fields = [
        "*/5 * * * *",
        "3-59/9 2-20/7 * * *",
        "0 1 1,15 * *",
        "0 1 */10 * *",
        "30 6 * 3,9 *",
        "0 0 13 * 5",
        "0 4 * * 0",
        "15 0 28-31 * *",
        "0 9 2 * *",
        "0 0 31 1-6 *",
        "0 22 * * 1-5",
        "10,20,59 0,23 * * 2,4",
    ];
    for text in fields {
        let cron = croner::Cron::from_str(text).unwrap();
        let begin = Utc.with_ymd_and_hms(2001, 1, 1, 0, 0, 0).single().unwrap();
        let end = begin + Duration::days(5 * 366);
        let mut runs = cron.iter_from(begin, croner::Direction::Forward);
        let mut last: DateTime<Utc> = runs.next().unwrap();
        let mut longest = Duration::zero();
        for run in runs.take_while(|run| *run < end).take(200_000) {
            longest = longest.max(run - last);
            last = run;
        }
        let seconds = u32::try_from(longest.num_seconds()).map(f64::from).ok();
        assert_eq!(period(text), seconds, "{text}");
    }
}
