//! Answers one JSON request a line with rustls and its path validation, webpki.

mod client;
mod pem;
mod server;
mod verify;

use serde_json::{json, Value};
use std::collections::HashMap;
use std::error::Error;
use std::io::{stdin, BufRead};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Bounds every connection, handshake and read.
pub const TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Validator {
    servers: Mutex<HashMap<String, server::Server>>,
    last: AtomicUsize,
}

fn main() {
    let validator = Arc::new(Validator::default());
    let mut pending = Vec::new();
    for line in stdin().lock().lines().map_while(Result::ok) {
        let validator = validator.clone();
        pending.push(std::thread::spawn(move || {
            println!("{}", validator.answer(&line))
        }));
        pending.retain(|thread| !thread.is_finished());
    }
    for thread in pending {
        let _ = thread.join();
    }
}

impl Validator {
    fn answer(&self, line: &str) -> Value {
        let request: Value = serde_json::from_str(line).unwrap_or(Value::Null);
        let mut answer = match self.perform(&request) {
            Ok(mut answer) => {
                answer["ok"] = json!(true);
                answer
            }
            Err(error) => json!({ "ok": false, "error": error.to_string() }),
        };
        answer["id"] = json!(request["id"].as_u64().unwrap_or(0));
        answer
    }

    fn perform(&self, request: &Value) -> Outcome<Value> {
        match request["op"].as_str().unwrap_or_default() {
            "capabilities" => Ok(capabilities()),
            "connect" => client::connect(request),
            "verify" => verify::verify(request),
            "serve" => {
                let server = server::Server::start(request)?;
                let handle = (self.last.fetch_add(1, Ordering::Relaxed) + 1).to_string();
                let answer = json!({ "port": server.port, "server": handle });
                self.servers.lock().unwrap().insert(handle, server);
                Ok(answer)
            }
            "close" => {
                let handle = request["server"].as_str().unwrap_or_default();
                let server = self.servers.lock().unwrap().remove(handle);
                server
                    .ok_or(format!("no server has the handle {handle:?}"))?
                    .stop();
                Ok(json!({}))
            }
            other => Err(format!("unknown op {other:?}").into()),
        }
    }
}

fn capabilities() -> Value {
    json!({
        "versions": { "rustls": locked("rustls"), "rustls-webpki": locked("rustls-webpki") },
        "roles": ["server", "client"],
        "ops": ["serve", "connect", "verify", "close"],
        "algorithms": ["ecdsa", "rsa", "ed25519"],
        "keys": ["pkcs8", "sec1", "pkcs1"],
        // rustls has nothing older.
        "oldest": "TLSv1.2",
        "optionalUnknown": "refused",
        "withholds": false,
        "reload": false,
        "verifies": ["name", "time"],
    })
}

/// A crate's version, as the lock file that this was built with has it.
fn locked(name: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let start = format!("\nname = \"{name}\"\nversion = \"");
    let rest = lock.split(&start).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}
