use crate::{pem, Outcome};
use rustls::pki_types::{ServerName, TrustAnchor, UnixTime};
use serde_json::{json, Value};
use std::time::Duration;
use webpki::{anchor_from_trusted_cert, EndEntityCert, KeyUsage, ALL_VERIFICATION_ALGS};

pub fn verify(request: &Value) -> Outcome<Value> {
    let chain = pem::certificates(request["chain"].as_str().ok_or("no chain is given")?)?;
    let mut authorities = Vec::new();
    for path in pem::paths(request, "cas") {
        authorities.extend(pem::certificates(path)?);
    }
    let anchors: Vec<TrustAnchor> = authorities
        .iter()
        .map(anchor_from_trusted_cert)
        .collect::<Result<_, _>>()?;
    let time = match request["at"].as_u64() {
        Some(seconds) => UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        None => UnixTime::now(),
    };
    let usage = match request["purpose"].as_str() {
        Some("client") => KeyUsage::client_auth(),
        _ => KeyUsage::server_auth(),
    };
    let leaf = EndEntityCert::try_from(&chain[0])?;
    leaf.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &anchors,
        &chain[1..],
        time,
        usage,
        None,
        None,
    )?;
    if let Some(name) = request["name"].as_str() {
        leaf.verify_is_valid_for_subject_name(&ServerName::try_from(name)?)?;
    }
    Ok(json!({}))
}
