-- The plan of every statement that runs is said to the client, until the end of the transaction.
LOAD 'auto_explain';
SET LOCAL auto_explain.log_min_duration = 0;
SET LOCAL auto_explain.log_nested_statements = on;
SET LOCAL auto_explain.log_format = json;
SET LOCAL auto_explain.log_level = notice;
SET LOCAL auto_explain.log_verbose = off;
SET LOCAL auto_explain.log_buffers = off;
SET LOCAL auto_explain.log_triggers = off;
SET LOCAL auto_explain.sample_rate = 1;
