-- What a node keeps beside blocks and events. Run as the owner of datasets by whoever runs a node; may be run again and again.

-- What the chain began with: a name for each part, and the hash of it.
CREATE TABLE IF NOT EXISTS kf.node_genesis (
  item text COLLATE "C" PRIMARY KEY,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
