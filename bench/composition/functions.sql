-- What a careful person would write by hand over the tables of the example network, and variants that leave out one
-- thing each, which show what that thing costs.

CREATE SCHEMA bench AUTHORIZATION kf_owner;
GRANT USAGE ON SCHEMA bench TO kf_public;
SET ROLE kf_owner;

-- get_author_posts: the goal is measured against this one.
CREATE FUNCTION bench.posts_hand("@ctx" kf.ctx, address text)
RETURNS TABLE (id text, title text, author text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  RETURN QUERY
  SELECT p.id, p.title, p.author
  FROM ds_ens.wallets AS w
  JOIN ds_ens.names AS n ON n.wallet_id = w.id
  JOIN ds_social_network.posts AS p ON p.author = n.name
  WHERE w.address = posts_hand.address
  ORDER BY p.id;
END $$;

-- The same once more: its ratio is what chance does.
CREATE FUNCTION bench.posts_copy("@ctx" kf.ctx, address text)
RETURNS TABLE (id text, title text, author text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  RETURN QUERY
  SELECT p.id, p.title, p.author
  FROM ds_ens.wallets AS w
  JOIN ds_ens.names AS n ON n.wallet_id = w.id
  JOIN ds_social_network.posts AS p ON p.author = n.name
  WHERE w.address = posts_copy.address
  ORDER BY p.id;
END $$;

CREATE FUNCTION bench.posts_unchecked("@ctx" kf.ctx, address text)
RETURNS TABLE (id text, title text, author text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT p.id, p.title, p.author
  FROM ds_ens.wallets AS w
  JOIN ds_ens.names AS n ON n.wallet_id = w.id
  JOIN ds_social_network.posts AS p ON p.author = n.name
  WHERE w.address = posts_unchecked.address
  ORDER BY p.id;
END $$;

CREATE FUNCTION bench.posts_unordered("@ctx" kf.ctx, address text)
RETURNS TABLE (id text, title text, author text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  RETURN QUERY
  SELECT p.id, p.title, p.author
  FROM ds_ens.wallets AS w
  JOIN ds_ens.names AS n ON n.wallet_id = w.id
  JOIN ds_social_network.posts AS p ON p.author = n.name
  WHERE w.address = posts_unordered.address;
END $$;

-- Without context, order and any security: the caller needs rights to the tables.
CREATE FUNCTION bench.posts_bare(address text)
RETURNS TABLE (id text, title text, author text) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT p.id, p.title, p.author
  FROM ds_ens.wallets AS w
  JOIN ds_ens.names AS n ON n.wallet_id = w.id
  JOIN ds_social_network.posts AS p ON p.author = n.name
  WHERE w.address = posts_bare.address;
END $$;

-- make_post: the goal is measured against this one.
CREATE FUNCTION bench.post_hand("@ctx" kf.ctx, "$id" text, "$title" text, "$name" text)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  IF NOT EXISTS (SELECT n.id FROM ds_ens.names AS n JOIN ds_ens.wallets AS w ON w.id = n.wallet_id
                 WHERE n.name = "$name" AND w.address = ("@ctx").caller) THEN
    RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'only the owner of a name may use it';
  END IF;
  INSERT INTO ds_social_network.posts (id, title, author) VALUES ("$id", "$title", "$name");
END $$;

CREATE FUNCTION bench.post_copy("@ctx" kf.ctx, "$id" text, "$title" text, "$name" text)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
  END IF;
  IF NOT EXISTS (SELECT n.id FROM ds_ens.names AS n JOIN ds_ens.wallets AS w ON w.id = n.wallet_id
                 WHERE n.name = "$name" AND w.address = ("@ctx").caller) THEN
    RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'only the owner of a name may use it';
  END IF;
  INSERT INTO ds_social_network.posts (id, title, author) VALUES ("$id", "$title", "$name");
END $$;

-- The check in a function of its own that is called, with fewer and fewer of its clauses.
CREATE FUNCTION bench.owns_bare("@ctx" kf.ctx, "$name" text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT n.id FROM ds_ens.names AS n JOIN ds_ens.wallets AS w ON w.id = n.wallet_id
                 WHERE n.name = "$name" AND w.address = ("@ctx").caller) THEN
    RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'only the owner of a name may use it';
  END IF;
END $$;

CREATE FUNCTION bench.owns_pinned("@ctx" kf.ctx, "$name" text) RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT n.id FROM ds_ens.names AS n JOIN ds_ens.wallets AS w ON w.id = n.wallet_id
                 WHERE n.name = "$name" AND w.address = ("@ctx").caller) THEN
    RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'only the owner of a name may use it';
  END IF;
END $$;

DO $make$
DECLARE
  variant record;
BEGIN
  FOR variant IN SELECT * FROM (VALUES
      ('post_calls_bare', 'bench.owns_bare("@ctx", "$name")'),
      ('post_calls_pinned', 'bench.owns_pinned("@ctx", "$name")'),
      ('post_calls_generated', 'ds_ens."assert_owns_name@ens"("@ctx", "$name")')) AS v (name, call) LOOP
    EXECUTE format($format$
      CREATE FUNCTION bench.%I("@ctx" kf.ctx, "$id" text, "$title" text, "$name" text)
      RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      #variable_conflict use_column
      BEGIN
        IF ("@ctx").caller IS NULL OR ("@ctx").caller = '' THEN
          RAISE EXCEPTION USING ERRCODE = 'KF005', MESSAGE = 'no caller';
        END IF;
        PERFORM %s;
        INSERT INTO ds_social_network.posts (id, title, author) VALUES ("$id", "$title", "$name");
      END $$ $format$, variant.name, variant.call);
  END LOOP;
END $make$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bench TO kf_public;
-- For the shapes without SECURITY DEFINER alone.
GRANT USAGE ON SCHEMA ds_ens, ds_social_network TO kf_public;
GRANT SELECT ON ds_ens.names, ds_ens.wallets, ds_social_network.posts TO kf_public;
RESET ROLE;
