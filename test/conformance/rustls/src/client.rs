use crate::{pem, Outcome, TIMEOUT};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

pub fn connect(request: &Value) -> Outcome<Value> {
    let roots = pem::roots(&pem::paths(request, "cas"))?;
    let builder = ClientConfig::builder_with_protocol_versions(&pem::versions(request)?)
        .with_root_certificates(roots);
    let config = match pem::pair(request)? {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
        None => builder.with_no_client_auth(),
    };
    let name = request["serverName"].as_str().unwrap_or("localhost");
    let port = u16::try_from(request["port"].as_u64().unwrap_or(0))?;
    let tcp = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), TIMEOUT)?;
    tcp.set_read_timeout(Some(TIMEOUT))?;
    tcp.set_write_timeout(Some(TIMEOUT))?;
    let connection =
        ClientConnection::new(Arc::new(config), ServerName::try_from(name.to_string())?)?;
    get(StreamOwned::new(connection, tcp), name)
}

/// Under TLS 1.3 a client learns of a refusal only when it reads.
fn get(mut stream: StreamOwned<ClientConnection, TcpStream>, name: &str) -> Outcome<Value> {
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    )?;
    stream.flush()?;
    let mut reader = BufReader::new(stream);
    let status = line(&mut reader)?;
    if !status.starts_with("HTTP/1.") || !status.contains(" 200 ") {
        return Err(format!("no answer: {status}").into());
    }
    let mut length = 0;
    loop {
        let header = line(&mut reader)?.to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

fn line(reader: &mut impl BufRead) -> Outcome<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err("the connection ended".into());
    }
    Ok(line.trim_end().to_string())
}
