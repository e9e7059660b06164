-- What a careful person would write by hand for the actions of `logic.kf`: the same checks, rights and types, in the
-- shape that is fastest. Every function is made twice: the ratio of the two is what chance does.

CREATE SCHEMA bench AUTHORIZATION kf_owner;
GRANT USAGE ON SCHEMA bench TO kf_public;
SET ROLE kf_owner;

CREATE FUNCTION bench.define(name text, parameters text, returns text, declared text, body text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  copy text;
BEGIN
  FOREACH copy IN ARRAY ARRAY[name, name || '_again'] LOOP
    EXECUTE format($format$
      CREATE FUNCTION bench.%I("@ctx" kf.ctx%s) RETURNS %s LANGUAGE plpgsql VOLATILE SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $function$
      #variable_conflict use_column
      DECLARE
        %s
      BEGIN
        IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
          RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
        END IF;
        %s
      END $function$ $format$, copy, ', ' || parameters, returns, declared, body);
  END LOOP;
END $$;

-- Loops
SELECT bench.define('count_to', '"$n" int8', 'int8', 'k int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP k := k + 1; END LOOP;
  RETURN k; $$);
-- The loop of PL/pgSQL counts in int4 and fails beyond. This one does not.
SELECT bench.define('count_to_wide', '"$n" int8', 'int8', 'k int8 := 0; i int8 := 1;', $$
  WHILE i <= "$n" LOOP k := k + 1; i := i + 1; END LOOP;
  RETURN k; $$);
SELECT bench.define('sum_to', '"$n" int8', 'int8', 'total int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP total := total + i::int8 * i; END LOOP;
  RETURN total; $$);
SELECT bench.define('sum_to_wide', '"$n" int8', 'int8', 'total int8 := 0; i int8 := 1;', $$
  WHILE i <= "$n" LOOP total := total + i * i; i := i + 1; END LOOP;
  RETURN total; $$);
SELECT bench.define('nested', '"$n" int8', 'int8', 'total int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP
    FOR j IN 1 .. 100 LOOP total := total + i::int8 * j; END LOOP;
  END LOOP;
  RETURN total; $$);
SELECT bench.define('branches', '"$n" int8', 'int8', 'total int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP
    IF i % 15 = 0 THEN total := total + 15;
    ELSIF i % 5 = 0 THEN total := total + 5;
    ELSIF i % 3 = 0 THEN total := total + 3;
    ELSE CONTINUE;
    END IF;
  END LOOP;
  RETURN total; $$);
SELECT bench.define('branches_wide', '"$n" int8', 'int8', 'total int8 := 0; i int8 := 0;', $$
  WHILE i < "$n" LOOP
    i := i + 1;
    IF i % 15 = 0 THEN total := total + 15;
    ELSIF i % 5 = 0 THEN total := total + 5;
    ELSIF i % 3 = 0 THEN total := total + 3;
    ELSE CONTINUE;
    END IF;
  END LOOP;
  RETURN total; $$);
SELECT bench.define('sum_rows', '"$n" int8', 'int8', 'total int8 := 0; s record;', $$
  FOR s IN SELECT r.points FROM ds_logic.scores AS r WHERE r.id <= "$n" ORDER BY r.id LOOP
    total := total + s.points;
  END LOOP;
  RETURN total; $$);
SELECT bench.define('interest', '"$n" int8', 'numeric', 'balance numeric(20,6) := 1000;', $$
  FOR i IN 1 .. "$n" LOOP balance := balance + round(balance / 4000.000000, 6); END LOOP;
  RETURN balance; $$);

-- Strings
SELECT bench.define('joined', '"$n" int8', 'int8', 'text text := '''';', $$
  FOR i IN 1 .. "$n" LOOP text := text || i || ','; END LOOP;
  RETURN length(text); $$);
SELECT bench.define('shaped', '"$n" int8', 'int8', 'size int8 := 0; word text;', $$
  FOR i IN 1 .. "$n" LOOP
    word := upper(('item ' || i) COLLATE "C");
    size := size + length(lpad(substring(word, 3, 6), 12, '.'));
  END LOOP;
  RETURN size; $$);

-- Arrays
SELECT bench.define('collected', '"$n" int8', 'int8', 'every int8[];', $$
  FOR i IN 1 .. "$n" LOOP every := array_append(every, i::int8 * 2); END LOOP;
  RETURN cardinality(every); $$);
SELECT bench.define('summed', '"$n" int8', 'int8', 'every int8[] := ''{}''; total int8 := 0; x int8;', $$
  FOR i IN 1 .. "$n" LOOP every[i] := i; END LOOP;
  FOREACH x IN ARRAY every LOOP total := total + x; END LOOP;
  RETURN total; $$);
SELECT bench.define('indexed', '"$all" int8[]', 'int8', 'total int8 := 0;', $$
  FOR i IN 1 .. cardinality("$all") LOOP total := total + "$all"[i]; END LOOP;
  RETURN total; $$);

-- Lookups
SELECT bench.define('points_of', '"$id" int8', 'int8', 'points int8;', $$
  SELECT r.points INTO points FROM ds_logic.scores AS r WHERE r.id = "$id";
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'nobody'; END IF;
  RETURN points; $$);
SELECT bench.define('points_summed', '"$n" int8', 'int8', 'total int8 := 0; points int8;', $$
  FOR i IN 1 .. "$n" LOOP
    SELECT r.points INTO points FROM ds_logic.scores AS r WHERE r.id = i;
    total := total + points;
  END LOOP;
  RETURN total; $$);

-- Calls: the callees have the checks and rights of the callers.
SELECT bench.define('next', '"$n" int8', 'int8', '', $$ RETURN "$n" + 1; $$);
SELECT bench.define('age_of', '"$id" int8', 'int8', 'age int8;', $$
  SELECT u.age INTO age FROM ds_people.users AS u WHERE u.id = "$id";
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'nobody'; END IF;
  RETURN age; $$);
SELECT bench.define('assert_adult', '"$id" int8', 'void', '', $$
  IF NOT EXISTS (SELECT FROM ds_people.users AS u WHERE u.id = "$id" AND u.age >= 18) THEN
    RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'too young';
  END IF; $$);
SELECT bench.define('calls', '"$n" int8', 'int8', 'k int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP k := bench.next("@ctx", k); END LOOP;
  RETURN k; $$);
SELECT bench.define('asserts', '"$n" int8', 'int8', 'k int8 := 0;', $$
  FOR i IN 1 .. "$n" LOOP PERFORM bench.assert_adult("@ctx", i); k := k + 1; END LOOP;
  RETURN k; $$);
SELECT bench.define('asks', '"$n" int8', 'int8', 'total int8 := 0; age int8;', $$
  FOR i IN 1 .. "$n" LOOP
    age := bench.age_of("@ctx", i);
    total := total + age;
  END LOOP;
  RETURN total; $$);

-- Rows of an imported view: the lookup written where it is needed.
SELECT bench.define('receives', '"$n" int8', 'int8', 'total int8 := 0; name text; age int8;', $$
  FOR i IN 1 .. "$n" LOOP
    SELECT u.name, u.age INTO name, age FROM ds_people.users AS u WHERE u.id = i;
    total := total + age + length(name);
  END LOOP;
  RETURN total; $$);
SELECT bench.define('first_of_one', '"$id" int8', 'int8', 'name text; age int8;', $$
  SELECT u.name, u.age INTO name, age FROM ds_people.users AS u WHERE u.id = "$id";
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'nobody'; END IF;
  RETURN age + length(name); $$);
SELECT bench.define('youngest', '"$team" int8', 'int8', 'name text; age int8;', $$
  SELECT u.name, u.age INTO name, age FROM ds_people.users AS u WHERE u.team = "$team" ORDER BY u.age, u.id LIMIT 1;
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'nobody'; END IF;
  RETURN age + length(name); $$);

-- Filters that may be left out: a query for each case.
SELECT bench.define('matching', '"$player" text, "$least" int8', 'int8', 'n int8;', $$
  IF "$player" IS NULL AND "$least" IS NULL THEN
    SELECT count(*) INTO n FROM ds_logic.scores AS r;
  ELSIF "$least" IS NULL THEN
    SELECT count(*) INTO n FROM ds_logic.scores AS r WHERE r.player = "$player";
  ELSIF "$player" IS NULL THEN
    SELECT count(*) INTO n FROM ds_logic.scores AS r WHERE r.points >= "$least";
  ELSE
    SELECT count(*) INTO n FROM ds_logic.scores AS r WHERE r.player = "$player" AND r.points >= "$least";
  END IF;
  RETURN n; $$);

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bench TO kf_public;
RESET ROLE;
