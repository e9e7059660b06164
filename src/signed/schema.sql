-- The last nonce of each caller, written in the transaction of the block that has the call. Run as the owner of datasets by
-- whoever runs a node; may be run again and again.
CREATE TABLE IF NOT EXISTS kf.nonce (
  caller text COLLATE "C" PRIMARY KEY,
  last int8 NOT NULL
);
