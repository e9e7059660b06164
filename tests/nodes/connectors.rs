//! Oracles that read the world, against servers that answer as they are told: well, wrongly, late or not at all.

mod chain;
mod evm;
mod evm_config;
mod evm_crashes;
mod evm_faults;
mod evm_reorgs;
mod evm_values;
mod feed;
mod near;
mod oracles;
mod pages;
