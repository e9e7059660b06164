SELECT 1

SELECT a, b AS c, d e, t.*, * FROM t

SELECT DISTINCT a FROM t WHERE a > $min AND b = @caller

SELECT ALL a FROM t

SELECT t.a FROM t AS u

SELECT user, first, value, key AS select FROM data AS values WHERE date = 1 ORDER BY desc DESC, asc

SELECT a, count(*) AS n FROM t GROUP BY a, b + 1 HAVING count(*) > 1 ORDER BY n DESC NULLS FIRST, 1 LIMIT 10 OFFSET $skip

SELECT a FROM t OFFSET 5 LIMIT 1

SELECT a FROM t // comment with ' and ;
WHERE a = 1 -- another
AND b = /* inside */ 2

SELECT p.id FROM posts p JOIN names AS n ON n.id = p.name INNER JOIN x ON true LEFT JOIN y USING (id, "name") RIGHT OUTER JOIN z ON z.a = y.a FULL JOIN w ON w.a = 1 CROSS JOIN v

SELECT 1 FROM a JOIN (b LEFT JOIN c ON b.x = c.x) ON a.y = b.y

SELECT 1 FROM (a CROSS JOIN b) AS ab

SELECT 1 FROM a LEFT JOIN b JOIN c ON b.x = c.x ON a.y = b.y

SELECT 1 FROM (SELECT a FROM t ORDER BY a LIMIT 1) AS s (x)

SELECT 1 FROM t CROSS JOIN (SELECT 1) AS s

SELECT 1 FROM t CROSS JOIN LATERAL (SELECT t.a) s JOIN LATERAL ens.f(t.a) AS g ON true

SELECT own.name FROM ens.get_ownership() AS own (name, owner)

SELECT u FROM unnest($a) AS u JOIN get_all(1, 'x') ON true

WITH own AS ens.get_ownership() SELECT name FROM own

WITH a AS f($x, 1 + 2), b (c, d) AS (SELECT 1, 2), e AS other.g() SELECT * FROM a JOIN b ON a.x = b.c

WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r

WITH a AS (WITH b AS ens.f() SELECT * FROM b) SELECT * FROM a

SELECT a FROM t UNION SELECT b FROM u UNION ALL SELECT c FROM v

SELECT a FROM t UNION SELECT b FROM u INTERSECT SELECT c FROM v EXCEPT ALL SELECT d FROM w ORDER BY 1 LIMIT 3

(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT b FROM u)

SELECT a FROM t UNION DISTINCT (SELECT b FROM u UNION SELECT c FROM v)

(SELECT a FROM t)

((SELECT a FROM t)) ORDER BY a

(SELECT a FROM t LIMIT 1)

WITH x AS (SELECT 1) (SELECT * FROM x) LIMIT 2

SELECT sum(a) OVER w, rank() OVER (v ORDER BY c) FROM t WINDOW w AS (PARTITION BY b ORDER BY a), v AS (w)

SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND u.b IN (SELECT c FROM v LIMIT 5))

SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM t WHERE a = $a) THEN ERROR('not found') END

INSERT INTO t VALUES (1, 'a')

INSERT INTO t (a, b) VALUES ($a, @caller), (2, -3::int)

INSERT INTO t AS x (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = x.c + 1 WHERE x.d IS NULL RETURNING a, b AS c, *

INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING

INSERT INTO t (a) VALUES (1) ON CONFLICT (a, b) DO NOTHING RETURNING t.a

INSERT INTO t (a, b) SELECT a, b FROM u WHERE a > 1 ORDER BY a LIMIT 5 ON CONFLICT (a) DO NOTHING

INSERT INTO t (SELECT 1)

INSERT INTO t (a) WITH x AS ens.f() SELECT a FROM x

WITH x AS (SELECT 1 AS a), y AS ens.f() INSERT INTO t (a) SELECT a FROM x

UPDATE t SET a = 1, "b" = b + 1

UPDATE t AS x SET a = u.a FROM u JOIN v ON u.b = v.b WHERE x.id = u.id RETURNING x.*

WITH x AS (SELECT 1 AS a) UPDATE t SET a = x.a FROM x WHERE t.a = x.a

DELETE FROM t

DELETE FROM t AS x WHERE x.a IN (SELECT a FROM u) RETURNING a

WITH x AS ens.f() DELETE FROM t WHERE a IN (SELECT a FROM x)
