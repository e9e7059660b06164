-- How a chain began that CometBFT orders: the same on every node. Run as the owner of datasets; may be run again and again.
CREATE TABLE IF NOT EXISTS kf.abci_chain (
  only_row bool PRIMARY KEY DEFAULT true CHECK (only_row),
  initial_height int8 NOT NULL,
  block_bytes int8 NOT NULL
);

CREATE TABLE IF NOT EXISTS kf.abci_validator (
  address text COLLATE "C" PRIMARY KEY,
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  power int8 NOT NULL CHECK (power > 0)
);
