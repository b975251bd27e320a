use crate::Outcome;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, SupportedProtocolVersion};
use serde_json::Value;

pub type Chain = Vec<CertificateDer<'static>>;

pub fn certificates(path: &str) -> Outcome<Chain> {
    let found = CertificateDer::pem_file_iter(path)?.collect::<Result<Chain, _>>()?;
    if found.is_empty() {
        return Err(format!("no certificate in {path}").into());
    }
    Ok(found)
}

/// The request's own pair, if it has one.
pub fn pair(request: &Value) -> Outcome<Option<(Chain, PrivateKeyDer<'static>)>> {
    match (request["certificate"].as_str(), request["key"].as_str()) {
        (Some(certificate), Some(key)) => Ok(Some((
            certificates(certificate)?,
            PrivateKeyDer::from_pem_file(key)?,
        ))),
        _ => Ok(None),
    }
}

pub fn paths<'a>(request: &'a Value, name: &str) -> Vec<&'a str> {
    let list = request[name]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    list.iter().filter_map(Value::as_str).collect()
}

pub fn roots(paths: &[&str]) -> Outcome<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for path in paths {
        for certificate in certificates(path)? {
            roots.add(certificate)?;
        }
    }
    Ok(roots)
}

/// The protocols between the request's bounds that rustls has at all.
pub fn versions(request: &Value) -> Outcome<Vec<&'static SupportedProtocolVersion>> {
    let lowest = request["minVersion"].as_str().unwrap_or("TLSv1.2");
    let highest = request["maxVersion"].as_str().unwrap_or("TLSv1.3");
    let known = [
        ("TLSv1.2", &rustls::version::TLS12),
        ("TLSv1.3", &rustls::version::TLS13),
    ];
    let within = known
        .into_iter()
        .filter(|(name, _)| *name >= lowest && *name <= highest);
    let versions: Vec<_> = within.map(|(_, version)| version).collect();
    if versions.is_empty() {
        return Err(format!("rustls has no version up to {highest}").into());
    }
    Ok(versions)
}
