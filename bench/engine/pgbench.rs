//! `pgbench`, with prepared statements and one client.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use kuneiform::deploy::embedded::Binaries;

pub struct Pgbench {
    program: PathBuf,
    url: String,
}

impl Pgbench {
    pub fn of(url: &str) -> Pgbench {
        Pgbench { program: Binaries::find(None).unwrap().program("pgbench"), url: url.to_owned() }
    }

    /// The time that `calls` calls take in transactions of `size`, without the connection.
    pub fn run(&self, size: usize, calls: usize) -> Duration {
        let one = "\\set id random(0, 999)\nSELECT hand.add('0xca11e4', :id, 1);\n";
        let script = match size {
            1 => one.to_owned(),
            _ => format!("BEGIN;\n{}COMMIT;\n", one.repeat(size)),
        };
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let transactions = (calls / size).to_string();
        let output = Command::new(&self.program)
            .args(["-n", "-M", "prepared", "-c", "1", "-t", &transactions, "-f"])
            .arg(file.path())
            .arg(&self.url)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        // `tps = 3542.7 (without initial connection time)`
        let tps =
            said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        let tps = tps.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
        Duration::from_secs_f64((calls / size) as f64 / tps)
    }
}
