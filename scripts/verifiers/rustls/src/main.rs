//! Verifies as rustls does (webpki), with the lists of every authority in the chain.
//! Arguments: leaf, chain, anchors, lists, name, seconds. Ends with 1 where it refuses.
use std::{env, error::Error, process::exit, time::Duration};

use rustls_pki_types::{pem::PemObject, CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use webpki::{
    anchor_from_trusted_cert, CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage,
    OwnedCertRevocationList, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy,
};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Err(refusal) = verify(&arguments) {
        println!("{refusal}");
        exit(1);
    }
}

fn verify(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [leaf, chain, anchors, lists, name, seconds] = arguments else {
        panic!("six arguments are expected");
    };
    let leaf = certificates(leaf).remove(0);
    let chain = certificates(chain);
    let anchors = certificates(anchors);
    let anchors = anchors.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>()?;
    let lists = CertificateRevocationListDer::pem_file_iter(lists)
        .expect("the lists can be read")
        .map(|list| {
            let der = list.expect("the list is PEM");
            OwnedCertRevocationList::from_der(&der).map(CertRevocationList::from)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let lists: Vec<&CertRevocationList> = lists.iter().collect();
    let revocation = RevocationOptionsBuilder::new(&lists)
        .map_err(|_| "there are no lists")?
        .with_depth(RevocationCheckDepth::Chain)
        .with_status_policy(UnknownStatusPolicy::Deny)
        .with_expiration_policy(ExpirationPolicy::Enforce)
        .build();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds.parse().expect("seconds are a number")));

    let leaf = EndEntityCert::try_from(&leaf)?;
    leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &chain, at, KeyUsage::server_auth(), Some(revocation), None)?;
    leaf.verify_is_valid_for_subject_name(&ServerName::try_from(name.as_str())?)?;
    Ok(())
}

fn certificates(path: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(path)
        .expect("the file can be read")
        .map(|one| one.expect("the certificate is PEM"))
        .collect()
}
