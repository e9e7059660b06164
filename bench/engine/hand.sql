-- What a careful person would write by hand for `add`, and the table that plain INSERTs fill.
CREATE SCHEMA hand AUTHORIZATION kf_owner;
SET ROLE kf_owner;
CREATE TABLE hand.accounts (id int8 PRIMARY KEY, balance int8 NOT NULL);
INSERT INTO hand.accounts SELECT g, 0 FROM generate_series(0, 999) AS g;
CREATE TABLE hand.seen (id int8 PRIMARY KEY, name text COLLATE "C" NOT NULL, amount int8 NOT NULL);
CREATE FUNCTION hand.add(caller text, id int8, amount int8) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF add.caller IS NULL OR add.caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  UPDATE hand.accounts AS a SET balance = a.balance + add.amount WHERE a.id = add.id;
END $$;
RESET ROLE;
