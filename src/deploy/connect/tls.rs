use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_cert_signed_by_trust_anchor};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::problems;
use super::settings::{Settings, TlsMode};
use crate::deploy::DeployError;

/// What makes TLS connections as `settings` demand it: `require` takes any certificate unless a file of authorities is
/// there, `verify-ca` any of a known authority, `verify-full` one that names the host too.
pub fn connector(settings: &Settings) -> Result<MakeRustlsConnect, DeployError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| problems::address(&error.to_string()))?;
    let verifier = verifier(settings, provider)?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let config = match (&settings.certificate, &settings.key) {
        (Some(certificate), Some(key)) => {
            let chain = certificates(certificate)?;
            let secret = PrivateKeyDer::from_pem_file(key)
                .map_err(|error| problems::certificate(key, &error.to_string()))?;
            let made = builder.with_client_auth_cert(chain, secret);
            made.map_err(|error| problems::certificate(certificate, &error.to_string()))?
        }
        _ => builder.with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn verifier(
    settings: &Settings,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, DeployError> {
    let given = settings.root_certificate.as_deref();
    Ok(match settings.tls {
        TlsMode::VerifyFull => {
            let roots = Arc::new(roots(given)?);
            let built = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
            built.map_err(|error| problems::address(&error.to_string()))?
        }
        TlsMode::VerifyCa => Arc::new(Lenient { roots: Some(roots(given)?), provider }),
        TlsMode::Require if given.is_some() => Arc::new(Lenient { roots: Some(roots(given)?), provider }),
        _ => Arc::new(Lenient { roots: None, provider }),
    })
}

/// The authorities of a file, or those browsers trust for `system` and when no file is named.
fn roots(file: Option<&str>) -> Result<RootCertStore, DeployError> {
    let mut store = RootCertStore::empty();
    match file {
        None | Some("system") => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            for certificate in certificates(path)? {
                store.add(certificate).map_err(|error| problems::certificate(path, &error.to_string()))?;
            }
        }
    }
    Ok(store)
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, DeployError> {
    let problem = |error: rustls::pki_types::pem::Error| problems::certificate(path, &error.to_string());
    let found: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).map_err(problem)?.collect();
    let found = found.map_err(problem)?;
    match found.is_empty() {
        true => Err(problems::certificate(path, "it holds no certificate")),
        false => Ok(found),
    }
}

/// Checks a certificate's authority if there are any to check against, but not the name in it.
#[derive(Debug)]
struct Lenient {
    roots: Option<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let parsed = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&parsed, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
