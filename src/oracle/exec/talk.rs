use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin};

use super::group::Group;
use super::lines;
use super::protocol::{Said, Told, VERSION};
use crate::oracle::{Level, OracleContext, OracleError, Receiver, SubmitError};

/// How long a program may take to end by itself once it was told, and once more after it was asked by a signal.
const GRACE: Duration = Duration::from_secs(2);
/// Characters of a line that is shown.
const SHOWN: usize = 200;

/// A conversation with a program.
pub struct Talk {
    pub context: OracleContext,
    pub to: Receiver,
    pub name: String,
    pub stdin: ChildStdin,
}

impl Talk {
    /// Talks until the program ends or the oracle is cancelled. Nothing of its process group is left afterwards.
    pub async fn run(
        mut self,
        mut child: Child,
        group: Group,
        stdout: impl AsyncRead + Unpin,
        config: toml::Table,
    ) -> Result<(), OracleError> {
        let start = Told::Start { protocol: VERSION, name: &self.name.clone(), config: &config };
        self.tell(&start).await?;
        let mut stdout = BufReader::new(stdout);
        let context = self.context.clone();
        loop {
            tokio::select! {
                () = context.cancelled() => {
                    self.stop(&mut child, &group).await;
                    return Ok(());
                }
                line = lines::next(&mut stdout) => match line.map_err(OracleError::failed)? {
                    Some(line) => self.answer(&line).await?,
                    None => break,
                },
            }
        }
        ended(&mut child).await
    }

    async fn tell(&mut self, told: &Told<'_>) -> Result<(), OracleError> {
        let mut line = serde_json::to_vec(told).map_err(OracleError::failed)?;
        line.push(b'\n');
        // A program that has ended says so by the end of its output.
        let _ = self.stdin.write_all(&line).await;
        Ok(())
    }

    async fn answer(&mut self, line: &[u8]) -> Result<(), OracleError> {
        let said: Said = match serde_json::from_slice(line) {
            Ok(said) => said,
            Err(error) => {
                let shown: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
                self.context.log(Level::Warn, format!("`{shown}` is no message: {error}"));
                let message = error.to_string();
                return self.tell(&Told::Error { id: None, message, retry: false }).await;
            }
        };
        let told = match said {
            Said::Log(line) => {
                self.context.log(line.level, line.message);
                return Ok(());
            }
            Said::Get(get) => match self.to.cursor(&get.key).await {
                Ok(value) => Told::Value { id: get.id, value },
                Err(error) => refused(get.id, &error),
            },
            Said::Submit(submit) => {
                match self.to.submit_all(submit.events, submit.cursor.into_iter().collect()).await {
                    Ok(ids) => {
                        Told::Ack { id: submit.id, events: ids.iter().map(ToString::to_string).collect() }
                    }
                    Err(error) => refused(submit.id, &error),
                }
            }
        };
        self.tell(&told).await
    }

    /// Says that it has to end, then asks, then drops the group, which kills what is left.
    async fn stop(mut self, child: &mut Child, group: &Group) {
        let _ = self.tell(&Told::Stop {}).await;
        drop(self.stdin);
        if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
            group.terminate();
            let _ = tokio::time::timeout(GRACE, child.wait()).await;
        }
    }
}

fn refused(id: u64, error: &SubmitError) -> Told<'static> {
    let retry = matches!(error, SubmitError::Store(_));
    Told::Error { id: Some(id), message: error.to_string(), retry }
}

/// A program that ends well is done; another one is started again.
async fn ended(child: &mut Child) -> Result<(), OracleError> {
    let status = match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(status) => status.map_err(OracleError::failed)?,
        Err(_) => {
            return Err(OracleError::Failed("the program closed its output and did not end".to_owned()));
        }
    };
    match status.success() {
        true => Ok(()),
        false => Err(OracleError::Failed(format!("the program ended with {status}"))),
    }
}

/// Writes what a program says on its error output into the log.
pub async fn listen_to_errors(
    context: OracleContext,
    stderr: impl AsyncRead + Unpin,
) -> Result<(), OracleError> {
    let mut stderr = BufReader::new(stderr);
    while let Ok(Some(line)) = lines::next(&mut stderr).await {
        context.log(Level::Info, String::from_utf8_lossy(&line).into_owned());
    }
    Ok(())
}
