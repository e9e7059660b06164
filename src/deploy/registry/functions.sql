-- Functions of the language that PostgreSQL has no built-in for. Run as the owner of datasets; may be run again and again.
-- None of them depends on a setting of the session: what could matter is set here.

-- SHA-1 (FIPS 180-4), which version 5 UUIDs are made of. Words of 32 bits are kept in int8.
CREATE OR REPLACE FUNCTION kf.sha1(data bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  low32 CONSTANT int8 := 4294967295;
  size CONSTANT int4 := octet_length(data);
  zeros CONSTANT int4 := (119 - size % 64) % 64;
  message CONSTANT bytea := data || '\x80'::bytea || decode(repeat('00', zeros), 'hex') || int8send(size * 8::int8);
  at int4;
  word int8[];
  a int8; b int8; c int8; d int8; e int8; f int8; x int8;
  h0 int8 := 1732584193; h1 int8 := 4023233417; h2 int8 := 2562383102; h3 int8 := 271733878; h4 int8 := 3285377520;
BEGIN
  FOR block IN 0 .. octet_length(message) / 64 - 1 LOOP
    word := '{}';
    FOR t IN 0 .. 15 LOOP
      at := block * 64 + t * 4;
      word[t] := (get_byte(message, at)::int8 << 24) | (get_byte(message, at + 1) << 16)
        | (get_byte(message, at + 2) << 8) | get_byte(message, at + 3);
    END LOOP;
    FOR t IN 16 .. 79 LOOP
      x := word[t - 3] # word[t - 8] # word[t - 14] # word[t - 16];
      word[t] := ((x << 1) | (x >> 31)) & low32;
    END LOOP;
    a := h0; b := h1; c := h2; d := h3; e := h4;
    FOR t IN 0 .. 79 LOOP
      IF t < 20 THEN
        f := ((b & c) | ((b # low32) & d)) + 1518500249;
      ELSIF t < 40 THEN
        f := (b # c # d) + 1859775393;
      ELSIF t < 60 THEN
        f := ((b & c) | (b & d) | (c & d)) + 2400959708;
      ELSE
        f := (b # c # d) + 3395469782;
      END IF;
      x := ((((a << 5) | (a >> 27)) & low32) + f + e + word[t]) & low32;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & low32; b := a; a := x;
    END LOOP;
    h0 := (h0 + a) & low32; h1 := (h1 + b) & low32; h2 := (h2 + c) & low32; h3 := (h3 + d) & low32; h4 := (h4 + e) & low32;
  END LOOP;
  RETURN decode(lpad(to_hex(h0), 8, '0') || lpad(to_hex(h1), 8, '0') || lpad(to_hex(h2), 8, '0')
    || lpad(to_hex(h3), 8, '0') || lpad(to_hex(h4), 8, '0'), 'hex');
END $kf$;

-- A version 5 UUID (RFC 9562): the first 16 bytes of a SHA-1, with version and variant put in.
CREATE OR REPLACE FUNCTION kf.uuid_generate_v5(namespace uuid, name text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  hash bytea := kf.sha1(uuid_send(namespace) || convert_to(name, 'UTF8'));
BEGIN
  hash := set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80);
  hash := set_byte(hash, 8, (get_byte(hash, 8) & 63) | 128);
  RETURN encode(substring(hash FROM 1 FOR 16), 'hex')::uuid;
END $kf$;

CREATE OR REPLACE FUNCTION kf.uuid_generate_kwil(name text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RETURN kf.uuid_generate_v5('a247cac1-d817-4949-bac7-dc4b1dc41d09'::uuid, name);
END $kf$;

-- The identity of a dataset: 'x' and the hash of its name in lower case and its owner.
CREATE OR REPLACE FUNCTION kf.generate_dbid(name text, owner bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RETURN 'x' || encode(sha224(convert_to(lower(name COLLATE "C"), 'UTF8') || owner), 'hex');
END $kf$;

-- Seconds since 1970 of a time that is written in UTC unless the text says otherwise.
CREATE OR REPLACE FUNCTION kf.parse_unix_timestamp(written text, format text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET lc_time = 'C' SET timezone_abbreviations = 'Default' AS $kf$
BEGIN
  RETURN extract(epoch FROM to_timestamp(written, format))::numeric(16, 6);
END $kf$;

-- A time in UTC. Whole seconds and their parts are added apart: intervals are multiplied as floating point.
CREATE OR REPLACE FUNCTION kf.format_unix_timestamp(seconds numeric, format text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET lc_time = 'C' AS $kf$
DECLARE
  whole CONSTANT int8 := floor(seconds);
  parts CONSTANT int8 := (seconds - whole) * 1000000;
BEGIN
  RETURN to_char('1970-01-01 00:00:00+00'::timestamptz + whole * interval '1 second' + parts * interval '1 microsecond',
                 format);
END $kf$;
