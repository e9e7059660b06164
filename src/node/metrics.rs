use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

use super::blocks::Head;
use crate::oracle::{Finalized, OracleState, States};

/// Upper ends of the histogram of blocks, in seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Every state an oracle can be in.
const STATES: &[&str] = &["starting", "running", "waiting", "ended", "misconfigured", "stopped"];

/// What the node counts, as Prometheus reads it.
pub(super) struct Metrics {
    registry: Registry,
    height: IntGauge,
    timestamp: IntGauge,
    mempool: IntGauge,
    seconds: Histogram,
    calls: IntCounterVec,
    events: IntCounterVec,
    oracles: IntGaugeVec,
}

impl Metrics {
    /// All at zero.
    pub(super) fn new() -> Result<Metrics, prometheus::Error> {
        let histogram =
            HistogramOpts::new("kf_block_seconds", "How long blocks took").buckets(SECONDS.to_vec());
        let calls = Opts::new("kf_calls_total", "Signed calls by the status of their receipts");
        let events = Opts::new("kf_events_total", "Events from outside by how they ended");
        let oracles = Opts::new("kf_oracle_state", "1 for the state each oracle is in");
        let metrics = Metrics {
            registry: Registry::new(),
            height: IntGauge::new("kf_height", "Height of the last block")?,
            timestamp: IntGauge::new("kf_block_timestamp_seconds", "Time of the last block")?,
            mempool: IntGauge::new("kf_mempool_calls", "Calls that wait for a block")?,
            seconds: Histogram::with_opts(histogram)?,
            calls: IntCounterVec::new(calls, &["status"])?,
            events: IntCounterVec::new(events, &["outcome"])?,
            oracles: IntGaugeVec::new(oracles, &["oracle", "state"])?,
        };
        let Metrics { registry, height, timestamp, mempool, seconds, calls, events, oracles } = &metrics;
        for gauge in [height, timestamp, mempool] {
            registry.register(Box::new(gauge.clone()))?;
        }
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(calls.clone()))?;
        registry.register(Box::new(events.clone()))?;
        registry.register(Box::new(oracles.clone()))?;
        Ok(metrics)
    }

    /// Where the chain is.
    pub(super) fn at(&self, head: &Head) {
        self.height.set(head.height);
        self.timestamp.set(head.timestamp);
    }

    /// A block was committed.
    pub(super) fn block(&self, finalized: &Finalized, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
        let report = &finalized.events;
        for resolved in &report.resolved {
            self.events.with_label_values(&[resolved.outcome.word()]).inc();
        }
        for receipt in finalized.outcome.receipts.iter().skip(report.turn.due.len()) {
            self.calls.with_label_values(&[receipt.status.as_str()]).inc();
        }
    }

    /// What Prometheus reads.
    pub(super) fn text(&self, mempool: usize, states: &States) -> Result<String, prometheus::Error> {
        self.mempool.set(i64::try_from(mempool).unwrap_or(i64::MAX));
        for (oracle, state) in states.get() {
            let now = word(&state);
            for state in STATES {
                self.oracles.with_label_values(&[oracle.as_str(), state]).set(i64::from(*state == now));
            }
        }
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

fn word(state: &OracleState) -> &'static str {
    match state {
        OracleState::Starting => "starting",
        OracleState::Running => "running",
        OracleState::Waiting { .. } => "waiting",
        OracleState::Ended => "ended",
        OracleState::Misconfigured(_) => "misconfigured",
        OracleState::Stopped => "stopped",
    }
}
