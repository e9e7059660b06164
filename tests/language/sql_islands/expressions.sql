1 + 2 * 3
(1 + 2) * 3
a - b - c
a - (b - c)
- -1
-1
- 1
-(-1)
-a.b + -$c
-9223372036854775808
-9223372036854775808::int8
-2 ^ 2
- a ^ 2
2 ^ -a ^ 4
2 ^ 3 ^ 4
-a::int
-$x[1]::int * 2
-sum(a) FILTER (WHERE b) OVER w + 1
+a - +b
!$a = 1
!!a
!f(x) AND !($b)
!-a
!$row.done OR NOT a = b
NOT a = b
NOT NOT a
NOT a IS NULL
NOT a IN (1, 2)
a = b OR c = d AND e <> f
a == b
a != b
a <> b
a>-1
a<@height
a=@caller
a||-1
a || b || 'c'
a + 1 || b
a || b LIKE c || d
a % 2 = 0
a / b * c
(a < b) = (c < d)
a < b IS TRUE
a = b IS NOT FALSE
a IS NULL
a IS NOT NULL
a ISNULL
a NOTNULL AND b
a = b ISNULL
a IS NOT DISTINCT FROM b OR c = d
a IS DISTINCT FROM b + 1 AND c
a BETWEEN 1 AND 5 AND b = 2
a NOT BETWEEN b + 1 AND c - 1 OR d
a LIKE 'x%' ESCAPE '\' AND b
a NOT LIKE 'x'
a LIKE b ESCAPE ''
a IN (1)
a NOT IN (1, 2 + 3, (4))
a IN (SELECT b FROM t WHERE c = d)
a NOT IN (SELECT 1)
a + b IN (c)
a = ANY ($list)
a <> ALL(b.c)
a >= SOME ([1, 2])
a = ANY (SELECT b FROM t)
a <> ALL (SELECT b FROM t)
EXISTS (SELECT 1 FROM t)
NOT EXISTS (SELECT 1 FROM t) AND a
NOT (EXISTS (SELECT 1))
(SELECT max(a) FROM t) + 1
((SELECT 1))
CASE WHEN a THEN 1 END
CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE NULL END || 'z'
-CASE WHEN a THEN 1 ELSE 2 END::int
a::int::text
a::decimal(10, 2)
a :: NUMERIC(78)[]
(a::text[])[1]
CAST(a AS text)
CAST(a + b AS decimal(10,2))
CAST (CASE WHEN a THEN 1 END AS int)
'1'::uint256
0xAB::blob
[1, 2, 3]
ARRAY[a, b + 1]
[]
ARRAY[]::text[]
[[1], [2]]
$arr[1]
$arr[$i + 1]
$arr[1:2]
$arr[:2]
$arr[1:]
$arr[:]
$row.arr[1]
t.arr[1][2]
f(a)[1]
ens.f(a)[2]
count(*)
count(DISTINCT a)
count(ALL a)
array_agg(a ORDER BY b DESC NULLS LAST, c)
sum(a) FILTER (WHERE b > 1)
sum(a + 1) OVER (PARTITION BY b, c ORDER BY d ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
row_number() OVER ()
rank() OVER w
lag(a, 1) OVER (w ORDER BY b RANGE UNBOUNDED PRECEDING)
sum(a) OVER (ORDER BY b GROUPS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
sum(a) OVER (ORDER BY b ROWS BETWEEN $n FOLLOWING AND 2 FOLLOWING)
f()
ens.f($a, 'b')
coalesce(a, b, 0)
position('x' IN a || b)
position(a, b)
position('x' IN (SELECT a))
substring(a FROM 2)
substring(a FROM 2 FOR 3)
substring(a, 2, 3)
overlay(a PLACING 'x' FROM 1)
overlay(a PLACING 'x' FROM 1 FOR 2)
overlay(a, 'x', 1)
trim(a)
trim(a, 'x')
trim(FROM a)
trim(BOTH FROM a)
trim(BOTH 'x' FROM a)
trim(LEADING FROM a)
trim(LEADING 'x' FROM a)
trim(TRAILING 'x' || 'y' FROM a)
trim('x' FROM (SELECT a FROM t))
left(a, 2) || right(b, 3)
error('no' || @caller)
$a
@block_timestamp
t.column
"quoted" + "select"
t.order + first.last
user || value || key || date || index
true AND false OR null
1.50
'it''s'
'back\slash'
''
115792089237316195423570985008687907853269984665640564039457584007913129639935
a COLLATE "C" = b
a::text COLLATE "C" || b
(a || b COLLATE "C")
a /* b */ + c -- d
a IS DISTINCT FROM 'x'
trim(FROM 'x')
substring('abc' FROM 2)
a IN ((SELECT 1), 2)
a IN ((SELECT 1) + 1)
a IN ((SELECT 1))
a IN ((SELECT 1) UNION SELECT 2)
