use crate::{pem, Outcome, TIMEOUT};
use rustls::server::WebPkiClientVerifier;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{json, Value};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// An HTTPS server on both loopback addresses that says whether its client showed a certificate.
pub struct Server {
    pub port: u16,
    stopped: Arc<AtomicBool>,
}

impl Server {
    pub fn start(request: &Value) -> Outcome<Server> {
        let config = Arc::new(configuration(request)?);
        let stopped = Arc::new(AtomicBool::new(false));
        let first = TcpListener::bind((
            "127.0.0.1",
            u16::try_from(request["port"].as_u64().unwrap_or(0))?,
        ))?;
        let port = first.local_addr()?.port();
        // A machine without IPv6 serves on one address.
        for listener in [Some(first), TcpListener::bind(("::1", port)).ok()]
            .into_iter()
            .flatten()
        {
            let (config, stopped) = (config.clone(), stopped.clone());
            std::thread::spawn(move || accept(&listener, &config, &stopped));
        }
        Ok(Server { port, stopped })
    }

    /// A listener ends at its next connection, so each gets one.
    pub fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = TcpStream::connect(("::1", self.port));
    }
}

fn configuration(request: &Value) -> Outcome<ServerConfig> {
    let builder = ServerConfig::builder_with_protocol_versions(&pem::versions(request)?);
    let (chain, key) = pem::pair(request)?.ok_or("a server needs a certificate and its key")?;
    let client_auth = request["clientAuth"].as_str().unwrap_or("none");
    if client_auth == "none" {
        return Ok(builder.with_no_client_auth().with_single_cert(chain, key)?);
    }
    let roots = Arc::new(pem::roots(&pem::paths(request, "clientCas"))?);
    let mut verifier = WebPkiClientVerifier::builder(roots);
    if client_auth == "optional" {
        verifier = verifier.allow_unauthenticated();
    }
    Ok(builder
        .with_client_cert_verifier(verifier.build()?)
        .with_single_cert(chain, key)?)
}

fn accept(listener: &TcpListener, config: &Arc<ServerConfig>, stopped: &AtomicBool) {
    for tcp in listener.incoming().map_while(Result::ok) {
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        let config = config.clone();
        // The client learns of a refusal by its own error.
        std::thread::spawn(move || answer(tcp, config).map_err(|error| error.to_string()));
    }
}

fn answer(tcp: TcpStream, config: Arc<ServerConfig>) -> Outcome<()> {
    tcp.set_read_timeout(Some(TIMEOUT))?;
    tcp.set_write_timeout(Some(TIMEOUT))?;
    let mut reader = BufReader::new(StreamOwned::new(ServerConnection::new(config)?, tcp));
    let mut line = String::from("GET");
    while !line.trim_end().is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
    }
    let stream = reader.get_mut();
    let body =
        json!({ "clientCertificate": stream.conn.peer_certificates().is_some(), "subject": null })
            .to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(())
}
