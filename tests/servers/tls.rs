//! Encrypted connections, against a server of our own that speaks TLS in front of the test server's socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kuneiform::deploy::DeployError;
use kuneiform::deploy::connect::connect;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

/// A certificate authority with a certificate for `localhost`, and one that signed nothing.
struct Authority {
    folder: tempfile::TempDir,
    config: Arc<ServerConfig>,
}

impl Authority {
    fn new() -> Authority {
        let folder = crate::support::scratch();
        let (mut params, key) = (CertificateParams::new(Vec::new()).unwrap(), KeyPair::generate().unwrap());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
        let stranger = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        std::fs::write(folder.path().join("stranger.pem"), stranger.pem()).unwrap();

        let own = KeyPair::generate().unwrap();
        let named = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let signed = named.signed_by(&own, &Issuer::from_params(&params, &key)).unwrap();
        let secret = PrivateKeyDer::try_from(own.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![signed.der().clone()], secret)
            .unwrap();
        Authority { folder, config: Arc::new(config) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Answers the request for TLS with `S` and speaks it, or with `N` when there is nothing to speak it with.
async fn serve(
    mut client: TcpStream,
    socket: PathBuf,
    tls: Option<Arc<ServerConfig>>,
) -> std::io::Result<()> {
    let mut request = [0; 8];
    client.read_exact(&mut request).await?;
    assert_eq!(request[4..], 80_877_103_u32.to_be_bytes(), "the client asks for TLS first");
    let mut server = UnixStream::connect(socket).await?;
    match tls {
        Some(config) => {
            client.write_all(b"S").await?;
            let mut client = TlsAcceptor::from(config).accept(client).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        None => {
            client.write_all(b"N").await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
    }
    Ok(())
}

/// The port of a server in front of the socket in `folder`.
async fn front(folder: &Path, tls: Option<Arc<ServerConfig>>) -> u16 {
    let socket = folder.join(".s.PGSQL.5432");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, socket.clone(), tls.clone()));
        }
    });
    port
}

/// The test server's socket folder.
async fn socket_folder() -> PathBuf {
    let session = crate::support::session(crate::support::server()).await;
    let row =
        session.client.query_one("SELECT current_setting('unix_socket_directories')", &[]).await.unwrap();
    PathBuf::from(row.get::<_, String>(0))
}

/// Connects as `parameters` say and asks for something.
async fn ask(port: u16, host: &str, parameters: &str) -> Result<i32, DeployError> {
    let address = format!("host={host} port={port} user=kf dbname=postgres {parameters}");
    let session = connect(&address).await?;
    Ok(session.client.query_one("SELECT 41 + 1", &[]).await.unwrap().get(0))
}

#[test]
fn certificates_are_asked_for_as_sslmode_says() {
    crate::support::block_on(async {
        let authority = Authority::new();
        let port = front(&socket_folder().await, Some(authority.config.clone())).await;
        let root = format!("sslrootcert={}", authority.file("root.pem").display());
        let stranger = format!("sslrootcert={}", authority.file("stranger.pem").display());
        let good = [
            ("localhost", "sslmode=prefer".to_owned()),
            ("localhost", "sslmode=require".to_owned()),
            ("127.0.0.1", format!("sslmode=verify-ca {root}")),
            ("localhost", format!("sslmode=verify-full {root}")),
        ];
        for (host, parameters) in good {
            assert_eq!(ask(port, host, &parameters).await.unwrap(), 42, "{parameters}");
        }
        let bad = [
            ("127.0.0.1", format!("sslmode=verify-full {root}")),
            ("localhost", format!("sslmode=verify-full {stranger}")),
            ("localhost", format!("sslmode=verify-ca {stranger}")),
            ("localhost", "sslmode=verify-full".to_owned()),
        ];
        for (host, parameters) in bad {
            assert!(ask(port, host, &parameters).await.is_err(), "{parameters} for {host} connected");
        }
    });
}

#[test]
fn a_server_without_tls_is_refused_where_it_was_required() {
    crate::support::block_on(async {
        let port = front(&socket_folder().await, None).await;
        assert_eq!(ask(port, "localhost", "sslmode=prefer").await.unwrap(), 42);
        assert!(ask(port, "localhost", "sslmode=require").await.is_err());
    });
}
