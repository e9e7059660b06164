-- True if the login can have the roles of Kuneiform: what is missing of them it may make or hand out.
WITH role (name) AS (VALUES ('kf_owner'), ('kf_reader'), ('kf_engine'), ('kf_public'), ('kf_oracle')),
me AS (SELECT r.oid, r.rolsuper, r.rolcreaterole FROM pg_roles AS r WHERE r.rolname = current_user),
needed (member, role) AS (
  VALUES ('kf_owner', 'kf_reader'), ('kf_engine', 'kf_public'), ('kf_engine', 'kf_oracle'),
         (current_user, 'kf_owner'), (current_user, 'kf_public'), (current_user, 'kf_oracle'))
SELECT me.rolsuper OR (
  (me.rolcreaterole OR NOT EXISTS (SELECT FROM role AS w WHERE to_regrole(w.name) IS NULL))
  AND NOT EXISTS (
    SELECT FROM needed AS n
    WHERE to_regrole(n.role) IS NOT NULL
      AND NOT coalesce(pg_has_role(to_regrole(quote_ident(n.member))::oid, to_regrole(n.role)::oid,
        CASE WHEN current_setting('server_version_num')::int4 >= 160000 AND n.member = current_user THEN 'SET' ELSE 'MEMBER' END), false)
      -- Up to 15, who may make roles may hand out any that is not a superuser's.
      AND NOT pg_has_role(to_regrole(n.role)::oid, 'MEMBER WITH ADMIN OPTION')
      AND NOT (me.rolcreaterole AND current_setting('server_version_num')::int4 < 160000))) AS apart
FROM me
