"""The rows of the benchmark's county, one DuckDB query a register; all chance comes from `r`.

`r(n, what)` is a number from 0 to 9999 that depends on nothing but the seed. `persons` has one row
a member. A person is known to nearly every register under the same name, some rows have empty
cells, and few families are poor: what is unknown, missed or wrongly kept stays a few per cent.
"""

from __future__ import annotations

PERSONS = """
CREATE MACRO r(n, what) AS CAST(hash(n, what, {seed}) % 10000 AS INTEGER);
CREATE MACRO given(n) AS
  substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英', 1 + r(n, 'g1') % 23, 1)
  || CASE WHEN r(n, 'g2') < 6000
    THEN substr('华建国文玉春志红梅兰海龙云飞林', 1 + r(n, 'g3') % 15, 1) ELSE '' END;
CREATE MACRO yuan(fen) AS (fen // 100) || '.' || lpad(CAST(fen % 100 AS VARCHAR), 2, '0');
CREATE MACRO day(since, n, what, days) AS
  strftime(CAST(since AS DATE) + r(n, what) % days, '%Y-%m-%d');
CREATE MACRO checked(id17) AS id17 || substr('10X98765432', 1 + CAST(list_sum(list_transform(
  range(17), lambda i: CAST(substr(id17, i + 1, 1) AS INTEGER)
    * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i + 1])) AS INTEGER) % 11, 1);

CREATE TABLE persons AS
WITH families AS (
  SELECT h, r(h, 'poor') < 500 AS poor,
    CASE WHEN r(h, 'size') < 1800 THEN 1 WHEN r(h, 'size') < 4600 THEN 2 WHEN r(h, 'size') < 7200
      THEN 3 WHEN r(h, 'size') < 8800 THEN 4 WHEN r(h, 'size') < 9600 THEN 5 ELSE 6 END AS size,
    CASE WHEN r(h, 'zone') < 20 THEN NULL WHEN r(h, 'zone') < 6000 THEN 'RURAL' ELSE 'URBAN' END
      AS zone,
    ['370499001', '370499101', '370499102', '370499201', '370499202'][1 + r(h, 'town') % 5]
      || lpad(CAST(1 + r(h, 'village') % 20 AS VARCHAR), 3, '0') AS division,
    CASE WHEN r(h, 'old') < 7500 THEN 26 + r(h, 'age') % 34 ELSE 60 + r(h, 'age') % 30 END AS head
  FROM range(1, {households} + 1) AS t(h)
), places AS (
  SELECT *, unnest(range(size)) AS i, h * 8 + unnest(range(size)) AS p FROM families
), related AS (
  SELECT *, CASE
      WHEN i = 0 THEN '02'
      WHEN i = 1 AND r(p, 'rel') < 8000 THEN '10'
      WHEN i < 4 AND r(p, 'rel') < 9000 OR i = 1 THEN 'child'
      WHEN head < 70 AND r(p, 'rel') < 9500 THEN '50'
      WHEN r(p, 'rel') < 9600 THEN '40'
      WHEN r(p, 'rel') < 9800 THEN '80' ELSE '99' END AS role
  FROM places
), aged AS (
  SELECT *,
    CASE role WHEN '02' THEN head WHEN '10' THEN greatest(20, head - 4 + r(p, 'a') % 9)
      WHEN 'child' THEN greatest(0, head - 26 - r(p, 'a') % 9)
      WHEN '50' THEN least(96, head + 23 + r(p, 'a') % 7)
      WHEN '40' THEN greatest(0, head - 52 - r(p, 'a') % 6) ELSE 20 + r(p, 'a') % 50 END AS age,
    CASE WHEN role = '10' THEN 1 - r(h * 8, 'sex') % 2 ELSE r(p, 'sex') % 2 END AS male
  FROM related
), born AS (
  SELECT *, CAST('2026-11-20' AS DATE) - age * 365 - age // 4 - r(p, 'b') % 360 AS born FROM aged
), numbered AS (
  SELECT *, checked('370499' || strftime(born, '%Y%m%d') || lpad(CAST(
      2 * (row_number() OVER (PARTITION BY born, male ORDER BY p) - 1) + male AS VARCHAR), 3, '0'))
      AS own_id
  FROM born
)
SELECT h, i, p, poor, size, zone, division, age, own_id,
  CASE WHEN role <> 'child' THEN role WHEN male = 1 THEN '20' ELSE '30' END AS relation,
  CASE WHEN r(p, 'noid') < 30 THEN NULL
    WHEN r(p, 'twin') < 5 THEN coalesce(lag(own_id) OVER (ORDER BY p), own_id)
    ELSE own_id END AS id,
  substr('王李张刘陈杨赵黄周吴徐孙马朱胡', 1 + r(h, 'f') % 15, 1) || given(p) AS name,
  CASE WHEN age BETWEEN 6 AND 15 THEN r(p, 's') < 9800 WHEN age BETWEEN 16 AND 18
    THEN r(p, 's') < 8500 WHEN age BETWEEN 19 AND 21 THEN r(p, 's') < 4500
    ELSE FALSE END AS student,
  NOT student AND age BETWEEN 18 AND 59 AND r(p, 'w') < CASE WHEN poor THEN 2000
    WHEN i = 0 THEN 9850 ELSE 7500 END AS worker,
  r(p, 'd') < CASE WHEN poor THEN 1500 ELSE 350 END AS disabled
FROM numbered ORDER BY p;
"""

_MONTHS = "(SELECT unnest(range(14)) AS m)"
_MONTH_END = (
    "strftime(last_day(CAST('2025-09-01' AS DATE) + to_months(CAST(m AS INTEGER))), '%Y-%m-%d')"
)
_WAGE = (
    "CASE WHEN poor THEN 30000 + r(p, 'wage') * 6 ELSE 320000 + r(p, 'wage') * 50 END"
    " + r(p * 16 + m, 'month') * 2"
)

# One query a register over `persons`; each gives p (whose row it is), the rank of the row of that
# person, and the declared columns as they stand in a file.
REGISTERS: dict[str, str] = {
    "hukou": """
SELECT p, 0 AS n, 'K' || lpad(CAST(h AS VARCHAR), 8, '0') AS household_key, relation, division,
  zone, CASE WHEN r(p, 'sep') < 50 THEN NULL WHEN r(p, 'sep') < CASE WHEN age > 22
    AND relation IN ('20', '30') THEN 4000 ELSE 300 END THEN '是' ELSE '否' END AS separated
FROM persons UNION ALL
SELECT p, 1, 'K' || lpad(CAST(h % {households} + 1 AS VARCHAR), 8, '0'), '80', division, zone,
  '是'
FROM persons WHERE r(p, 'shared') < 10""",
    "death": """
SELECT p, 0 AS n, CASE WHEN r(p, 'dn') < 300 THEN NULL ELSE day('2026-05-01', p, 'dd', 190) END
  AS died_on FROM persons WHERE r(p, 'dead') < CASE WHEN age > 75 THEN 300 ELSE 10 END""",
    "custody": """
SELECT p, 0 AS n, ['PRISON', 'REHAB', 'MISSING'][1 + r(p, 'ck') % 3] AS kind,
  CASE WHEN r(p, 'cn') < 300 THEN NULL ELSE day('2023-01-01', p, 'cf', 1200) END AS from_date,
  CASE WHEN r(p, 'co') < 5000 THEN NULL ELSE day('2026-07-01', p, 'ct', 900) END AS to_date
FROM persons WHERE age > 17 AND r(p, 'cust') < 40""",
    "enrolment": """
SELECT p, k AS n, CASE WHEN age < 12 - k THEN 'PRIMARY' WHEN age < 15 THEN 'JUNIOR' WHEN age < 19
  THEN 'SENIOR' ELSE 'UNI' END AS stage,
  CASE WHEN r(p, 'ft') < 30 THEN NULL WHEN r(p, 'ft') < 300 THEN '否' ELSE '是' END AS full_time,
  CASE WHEN k = 1 THEN '2023-07-01' WHEN r(p, 'left') < 300 THEN '2026-06-30' END AS left_on
FROM persons, (SELECT unnest([0, 1]) AS k) WHERE student AND (k = 0 OR age > 12)""",
    "income": f"""
SELECT p, m AS n, 'WAGE' AS item, {_MONTH_END} AS paid_on,
  CASE WHEN r(p * 16 + m, 'null') >= 5 THEN yuan({_WAGE}) END AS amount_fen
FROM persons, {_MONTHS} WHERE worker UNION ALL
SELECT p, 20 + m, 'BUSINESS', CASE WHEN r(p * 16 + m, 'bn') >= 20 THEN day('2025-07-01', p * 16 + m,
  'bd', 480) END, yuan(200000 + r(p * 16 + m, 'b') * 60)
FROM persons, {_MONTHS} WHERE m < 5 AND age BETWEEN 20 AND 64 AND NOT poor AND r(p, 'biz') < 900
UNION ALL SELECT p, 40 + m, 'PROPERTY', day('2025-07-01', p * 16 + m, 'pd', 480),
  yuan(50000 + r(p * 16 + m, 'p') * 20)
FROM persons, {_MONTHS} WHERE m < 2 AND age > 24 AND NOT poor AND r(p, 'prop') < 400""",
    "pension": """
SELECT p, k AS n, CASE WHEN k = 2 THEN 'VETERAN' WHEN poor OR r(p, 'pk') < 200 THEN 'RESIDENT'
  ELSE 'EMPLOYEE' END AS kind,
  CASE WHEN r(p, 'pn') >= 10 THEN yuan(CASE WHEN kind = 'EMPLOYEE' THEN 210000 + r(p, 'pm') * 20
    ELSE 21000 + r(p, 'pm') END) END AS monthly_fen,
  CASE WHEN kind = 'RESIDENT' THEN '205.00' END AS basic_fen,
  CASE WHEN k = 0 THEN day('2015-01-01', p, 'pf', 3000) ELSE day('2010-01-01', p, 'pf', 1500) END
    AS from_date,
  CASE WHEN k = 1 THEN '2016-01-01' END AS to_date
FROM persons, (SELECT unnest([0, 1, 2]) AS k)
WHERE age > 59 AND (k = 0 OR k = 1 AND r(p, 'p2') < 1000 OR k = 2 AND r(p, 'p3') < 200)""",
    "vehicle": """
SELECT p, k AS n, '鲁D' || lpad(CAST(p * 2 + k AS VARCHAR), 8, '0') AS plate,
  CASE WHEN r(p, 'vn') < 30 THEN NULL WHEN r(p, 'vk') < 7000 THEN 'CAR' WHEN r(p, 'vk') < 8000
    THEN 'TRUCK' ELSE 'MOTORCYCLE' END AS kind, ['NORMAL', 'SCRAPPED'][1 + k] AS status
FROM persons, (SELECT unnest([0, 1]) AS k) WHERE age BETWEEN 18 AND 75
  AND r(p * 2 + k, 'car') < CASE WHEN poor THEN 150 WHEN k = 1 THEN 500 ELSE 3800 END""",
    "realestate": """
SELECT p, k AS n, 'Z' || lpad(CAST(p * 4 + k AS VARCHAR), 10, '0') AS certificate,
  CASE WHEN k = 2 THEN ['SHOP', 'OTHER'][1 + r(p, 'ek') % 2] WHEN zone = 'RURAL' THEN 'HOMESTEAD'
    ELSE 'DWELLING' END AS usage,
  CASE WHEN r(p * 4 + k, 'en') >= 30 THEN CAST(CASE WHEN poor THEN 20 ELSE 60 END
    + r(p * 4 + k, 'ea') % 90 AS VARCHAR) END AS area_m2,
  CASE WHEN k = 3 THEN 'ENDED' ELSE 'CURRENT' END AS status
FROM persons, (SELECT unnest(range(4)) AS k) WHERE i < 2 AND r(p * 4 + k, 'es') < CASE
  WHEN k = 0 AND i = 0 THEN 9300 WHEN poor THEN 100 WHEN k = 0 THEN 1500 WHEN k = 1 THEN 1000
  WHEN k = 2 THEN 450 ELSE 2000 END""",
    "business": """
SELECT p, 0 AS n, ['COMPANY', 'SOLE', 'SOLE'][1 + r(p, 'mk') % 3] AS kind,
  ['ACTIVE', 'ACTIVE', 'CLOSED'][1 + r(p, 'ms') % 3] AS status,
  CASE WHEN r(p, 'mn') >= 50 THEN yuan(100000 + r(p, 'mc') * 10000) END AS capital_fen
FROM persons WHERE age BETWEEN 20 AND 70 AND NOT poor AND r(p, 'firm') < 700""",
    "contribution": f"""
SELECT p, m AS n, CASE WHEN r(p, 'kind') < 7500 THEN 'EMPLOYEE' ELSE 'FLEXIBLE' END AS kind,
  CASE WHEN r(p * 16 + m, 'kn') >= 5 THEN {_MONTH_END} END AS paid_on,
  yuan(CAST(({_WAGE}) // 12 AS BIGINT)) AS amount_fen
FROM persons, {_MONTHS} WHERE worker AND m > 4""",
    "assistance": """
SELECT p, k AS n, CASE k WHEN 0 THEN 'BEN-DB' WHEN 1 THEN 'BEN-EDGE' WHEN 2 THEN 'BEN-TK'
    WHEN 3 THEN 'BEN-DIS' WHEN 4 THEN 'BEN-CARE' ELSE 'BEN-OLD' END AS programme,
  '示例县' AS payer,
  CASE WHEN r(p * 8 + k, 'an') >= 50 THEN yuan(10000 + r(p * 8 + k, 'aa') * 8) END AS amount_fen,
  day('2022-01-01', p * 8 + k, 'af', 1500) AS from_date,
  CASE WHEN r(p * 8 + k, 'at') < 1500 THEN '2026-03-31' END AS to_date
FROM persons, (SELECT unnest(range(6)) AS k)
WHERE CASE k WHEN 0 THEN i = 0 AND r(h, 'db') < CASE WHEN poor THEN 6500 ELSE 40 END
  WHEN 1 THEN i = 0 AND r(h, 'ed') < CASE WHEN poor THEN 300 ELSE 60 END
  WHEN 2 THEN i = 0 AND size = 1 AND poor AND age > 59 AND r(h, 'tk') < 3500
  WHEN 3 THEN disabled AND poor AND r(p, 'di') < 4000
  WHEN 4 THEN disabled AND r(p, 'ca') < 3000 ELSE age > 79 AND r(p, 'ol') < 8500 END""",
    "disability": """
SELECT p, 0 AS n, CAST(1 + r(p, 'dt') % 6 AS VARCHAR) AS type,
  CASE WHEN r(p, 'dg') >= 40 THEN CAST(1 + r(p, 'dg') % 4 AS VARCHAR) END AS grade,
  CASE WHEN r(p, 'dx') < 3000 THEN day('2026-01-01', p, 'de', 2500) END AS expires_on
FROM persons WHERE disabled""",
    "insurance": """
SELECT p, k AS n, CASE WHEN worker THEN 'EMPLOYEE' ELSE 'RESIDENT' END AS kind,
  CAST(2025 + k AS VARCHAR) AS year,
  CASE WHEN r(p, 'in') < 10 THEN NULL WHEN r(p * 2 + k, 'ip') < 300 THEN '否' ELSE '是' END AS paid
FROM persons, (SELECT unnest([0, 1]) AS k)""",
    "settlement": """
SELECT p, k AS n, CASE WHEN r(p * 8 + k, 'tk') < 2500 THEN 'INPATIENT'
    WHEN r(p * 8 + k, 'tk') < 5000 THEN 'CHRONIC' ELSE 'OUTPATIENT' END AS kind,
  CASE WHEN r(p * 8 + k, 'tn') >= 10 THEN day('2025-08-01', p * 8 + k, 'td', 465) END
    AS settled_on,
  yuan(50000 + r(p * 8 + k, 'tt') * 100) AS total_fen,
  CASE WHEN r(p * 8 + k, 'to') >= 10 THEN yuan(CASE WHEN r(p * 8 + k, 'big') < 150
    THEN 1500000 + r(p * 8 + k, 'ta') * 500 WHEN kind = 'INPATIENT' THEN 50000
    + r(p * 8 + k, 'ta') * 40 ELSE 3000 + r(p * 8 + k, 'ta') * 3 END) END AS own_fen
FROM persons, (SELECT unnest(range(4)) AS k)
WHERE r(p * 8 + k, 'sick') < CASE WHEN age > 59 THEN 4500 ELSE 1900 END""",
    "child": """
SELECT p, 0 AS n, ['ORPHAN', 'UNCARED', 'WATCHED'][1 + r(p, 'wk') % 3] AS kind,
  day('2020-01-01', p, 'wf', 2000) AS from_date, CAST(NULL AS VARCHAR) AS to_date
FROM persons WHERE age < 18 AND r(p, 'child') < 100""",
    "unemployment": """
SELECT p, 0 AS n, day('2025-01-01', p, 'uf', 600) AS registered_on,
  CASE WHEN r(p, 'uo') < 4000 THEN day('2026-06-01', p, 'ut', 300) END AS ended_on,
  yuan(150000) AS benefit_fen
FROM persons WHERE NOT worker AND NOT student AND age BETWEEN 18 AND 59 AND r(p, 'un') < 3000""",
    "bank": """
SELECT p, k AS n, ['农商银行', '邮储银行'][1 + k] AS bank,
  yuan(r(p * 2 + k, 'bb') * 400) AS balance_fen
FROM persons, (SELECT unnest([0, 1]) AS k) WHERE age > 17 AND r(p * 2 + k, 'bk') < 6500""",
}
