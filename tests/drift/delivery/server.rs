//! A server on the loopback that answers as it is told, one answer for each connection; the last one again and again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// A status, a header, and a body.
    Status(u16, &'static str, &'static str),
    /// Nothing, for as long as the client waits.
    Silence,
    /// An answer that never ends.
    Drips,
    /// The connection is closed when the request was read.
    Close,
    /// Something that is no HTTP.
    Nonsense,
}

pub(crate) const FINE: Answer = Answer::Status(200, "", "ok");

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    /// `PUT /metrics/job/drift`
    pub(crate) what: String,
    /// The headers, in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(answers: &[Answer]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::default();
        let (seen, answers) = (Arc::clone(&asked), answers.to_vec());
        // It ends with the process of the test.
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let answer = answers[number.min(answers.len() - 1)];
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(stream.unwrap(), answer, &seen));
            }
        });
        Server { address, asked }
    }

    /// What was asked for so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// An address at which nobody listens.
    pub(crate) fn nowhere() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

fn serve(mut stream: TcpStream, answer: Answer, seen: &Mutex<Vec<Asked>>) {
    let Some(asked) = read(&stream) else { return };
    let path = asked.what.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(asked);
    match answer {
        Answer::Status(status, header, body) => {
            // Some servers repeat what they were asked for.
            let body = body.replace("{path}", &path);
            let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
            let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{header}");
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
        Answer::Silence => thread::sleep(Duration::from_secs(30)),
        Answer::Drips => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Answer::Close => {}
        Answer::Nonsense => {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\r\n");
        }
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let what = lines.first()?.rsplit_once(' ')?.0.to_owned();
    let headers: Vec<String> = lines[1..].iter().map(|line| line.to_lowercase()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { what, headers, body: String::from_utf8(body).unwrap() })
}
