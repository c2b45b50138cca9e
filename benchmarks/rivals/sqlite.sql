-- The frozen catalogue by hand for SQLite, over a home's registers.db as it stands. Persons are
-- numbered in the order of their ID numbers, as the registers' rows lie, so that every look-up by an
-- index is the next one. What is unknown in a sum is a huge number, so that one aggregate tells both.
-- {roster} and {income} stand for tables, `out` is the attached file of results. The children's
-- register is stale and the banks' needs consent: neither is read.

CREATE TEMP TABLE seat AS SELECT rowid AS seat, * FROM {roster} ORDER BY id_number;
CREATE TEMP TABLE p (k INTEGER PRIMARY KEY, id TEXT, name TEXT);
INSERT INTO p SELECT rowid, id_number, name FROM seat WHERE id_number IS NOT NULL ORDER BY rowid;

CREATE TEMP TABLE hukou (k INTEGER PRIMARY KEY, hit, low, high);
INSERT INTO hukou SELECT k, MIN(s.name = p.name), MIN(coalesce(separated, -1)), MAX(separated)
FROM p CROSS JOIN {hukou} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE death (k INTEGER PRIMARY KEY, hit, deceased);
INSERT INTO death SELECT k, MIN(s.name = p.name), MAX(coalesce(2 * (died_on <= '2026-11-20'), 1))
FROM p CROSS JOIN {death} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE custody (k INTEGER PRIMARY KEY, hit, in_custody);
INSERT INTO custody SELECT k, MIN(s.name = p.name),
  MAX(coalesce(2 * (from_date <= '2026-11-20' AND to_date > '2026-11-20'), 1))
FROM p CROSS JOIN {custody} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE enrolment (k INTEGER PRIMARY KEY, hit, student);
INSERT INTO enrolment SELECT k, MIN(s.name = p.name),
  MAX(coalesce(2 * (full_time AND left_on > '2026-11-20'
    AND stage IN ('PRIMARY', 'JUNIOR', 'SENIOR', 'UNI')), 1))
FROM p CROSS JOIN {enrolment} AS s ON s.id_number = p.id GROUP BY k;

-- Twelve whole months before the extract of 2026-10-31 begin on 2025-11-01.
CREATE TEMP TABLE income (k INTEGER PRIMARY KEY, hit, wage, business, property);
INSERT INTO income SELECT k, MIN(s.name = p.name),
  SUM(CASE WHEN item <> 'WAGE' OR paid_on < '2025-11-01' OR paid_on > '2026-11-20' THEN 0
    WHEN item IS NULL OR paid_on IS NULL THEN 4503599627370496
    ELSE coalesce(amount_fen, 4503599627370496) END),
  SUM(CASE WHEN item <> 'BUSINESS' OR paid_on < '2025-11-01' OR paid_on > '2026-11-20' THEN 0
    WHEN item IS NULL OR paid_on IS NULL THEN 4503599627370496
    ELSE coalesce(amount_fen, 4503599627370496) END),
  SUM(CASE WHEN item <> 'PROPERTY' OR paid_on < '2025-11-01' OR paid_on > '2026-11-20' THEN 0
    WHEN item IS NULL OR paid_on IS NULL THEN 4503599627370496
    ELSE coalesce(amount_fen, 4503599627370496) END)
FROM p CROSS JOIN {income} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE pension (k INTEGER PRIMARY KEY, hit, pension, basic_pension);
INSERT INTO pension SELECT k, MIN(s.name = p.name),
  SUM(coalesce(CASE kind <> 'VETERAN' AND from_date <= '2026-11-20' AND to_date > '2026-11-20'
    WHEN 1 THEN 12 * monthly_fen WHEN 0 THEN 0 END, 4503599627370496)),
  SUM(coalesce(CASE kind = 'RESIDENT' AND from_date <= '2026-11-20' AND to_date > '2026-11-20'
    WHEN 1 THEN 12 * basic_fen WHEN 0 THEN 0 END, 4503599627370496))
FROM p CROSS JOIN {pension} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE vehicle (k INTEGER PRIMARY KEY, hit, vehicles);
INSERT INTO vehicle SELECT k, MIN(s.name = p.name),
  SUM(coalesce(status = 'NORMAL' AND kind IN ('CAR', 'TRUCK'), 4503599627370496))
FROM p CROSS JOIN {vehicle} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE realestate (k INTEGER PRIMARY KEY, hit, dwellings, other_properties, area);
INSERT INTO realestate SELECT k, MIN(s.name = p.name),
  SUM(coalesce(status = 'CURRENT' AND usage IN ('DWELLING', 'HOMESTEAD'), 4503599627370496)),
  SUM(coalesce(status = 'CURRENT' AND usage IN ('SHOP', 'OTHER'), 4503599627370496)),
  SUM(coalesce(CASE status = 'CURRENT' AND usage IN ('DWELLING', 'HOMESTEAD')
    WHEN 1 THEN area_m2 WHEN 0 THEN 0 END, 4503599627370496))
FROM p CROSS JOIN {realestate} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE business (k INTEGER PRIMARY KEY, hit, companies);
INSERT INTO business SELECT k, MIN(s.name = p.name),
  SUM(coalesce(status = 'ACTIVE' AND kind = 'COMPANY' AND capital_fen > 10000000, 4503599627370496))
FROM p CROSS JOIN {business} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE contribution (k INTEGER PRIMARY KEY, hit, months);
INSERT INTO contribution SELECT k, MIN(s.name = p.name),
  SUM(CASE WHEN kind <> 'EMPLOYEE' OR paid_on < '2025-11-01' OR paid_on > '2026-11-20' THEN 0
    WHEN kind IS NULL OR paid_on IS NULL THEN 4503599627370496 ELSE 1 END)
FROM p CROSS JOIN {contribution} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE assistance (k INTEGER PRIMARY KEY, hit, aid_month, has_db, has_edge, has_tk);
INSERT INTO assistance SELECT k, MIN(s.name = p.name),
  SUM(coalesce(CASE from_date <= '2026-11-20' AND to_date > '2026-11-20'
    WHEN 1 THEN amount_fen WHEN 0 THEN 0 END, 4503599627370496)),
  MAX(coalesce(2 * (programme = 'BEN-DB' AND from_date <= '2026-11-20' AND to_date > '2026-11-20'), 1)),
  MAX(coalesce(2 * (programme = 'BEN-EDGE' AND from_date <= '2026-11-20' AND to_date > '2026-11-20'), 1)),
  MAX(coalesce(2 * (programme = 'BEN-TK' AND from_date <= '2026-11-20' AND to_date > '2026-11-20'), 1))
FROM p CROSS JOIN {assistance} AS s ON s.id_number = p.id GROUP BY k;

-- Of the cards in force: the gravest grade (-1: one is unknown), and the type if all name one.
CREATE TEMP TABLE disability (k INTEGER PRIMARY KEY, hit, grade, low, high);
INSERT INTO disability SELECT k, MIN(s.name = p.name),
  MIN(coalesce(CASE expires_on > '2026-11-20' WHEN 1 THEN grade WHEN 0 THEN 9 END, -1)),
  MIN(CASE expires_on > '2026-11-20' WHEN 1 THEN coalesce(type, '') WHEN 0 THEN 'NONE' ELSE '' END),
  MAX(CASE expires_on > '2026-11-20' WHEN 1 THEN coalesce(type, '') WHEN 0 THEN '' ELSE '' END)
FROM p CROSS JOIN {disability} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE insurance (k INTEGER PRIMARY KEY, hit, insured);
INSERT INTO insurance SELECT k, MIN(s.name = p.name), MAX(coalesce(2 * (year = 2026 AND paid), 1))
FROM p CROSS JOIN {insurance} AS s ON s.id_number = p.id GROUP BY k;

-- Twelve whole months before the extract of 2026-11-15 begin after 2025-11-15.
CREATE TEMP TABLE settlement (k INTEGER PRIMARY KEY, hit, inpatient, outpatient, last_inpatient);
INSERT INTO settlement SELECT k, MIN(s.name = p.name),
  SUM(CASE WHEN kind <> 'INPATIENT' OR settled_on <= '2025-11-15' OR settled_on > '2026-11-20' THEN 0
    WHEN kind IS NULL OR settled_on IS NULL THEN 4503599627370496
    ELSE coalesce(own_fen, 4503599627370496) END),
  SUM(CASE WHEN kind NOT IN ('OUTPATIENT', 'CHRONIC') OR settled_on <= '2025-11-15'
    OR settled_on > '2026-11-20' THEN 0
    WHEN kind IS NULL OR settled_on IS NULL THEN 4503599627370496
    ELSE coalesce(own_fen, 4503599627370496) END),
  MAX(CASE WHEN kind <> 'INPATIENT' OR settled_on > '2026-11-20' THEN '1900-01-01'
    WHEN kind IS NULL OR settled_on IS NULL THEN '9999' ELSE settled_on END)
FROM p CROSS JOIN {settlement} AS s ON s.id_number = p.id GROUP BY k;

CREATE TEMP TABLE unemployment (k INTEGER PRIMARY KEY, hit, unemployed);
INSERT INTO unemployment SELECT k, MIN(s.name = p.name),
  MAX(coalesce(2 * (registered_on <= '2026-11-20' AND ended_on > '2026-11-20'), 1))
FROM p CROSS JOIN {unemployment} AS s ON s.id_number = p.id GROUP BY k;

-- One row a person in household order. 4503599627370496 and more, -1 and '9999' become NULL.
CREATE TEMP TABLE person AS
WITH facts AS MATERIALIZED (
  SELECT seat, household_no, member_no, relation, zone, shared,
    2026 - CAST(substr(birth_date, 1, 4) AS INTEGER) - (substr(birth_date, 6) > '11-20') AS age,
    nullif(hukou.hit, 0) AS resident,
    CASE WHEN hukou.hit = 1 AND hukou.low = hukou.high THEN 1 - hukou.low END AS lives_together,
    CASE WHEN id_number IS NULL THEN NULL WHEN death.k IS NULL THEN 0 WHEN death.hit
      THEN nullif(deceased, 1) = 2 END AS deceased,
    CASE WHEN id_number IS NULL THEN NULL WHEN custody.k IS NULL THEN 0 WHEN custody.hit
      THEN nullif(in_custody, 1) = 2 END AS in_custody,
    CASE WHEN id_number IS NULL THEN NULL WHEN enrolment.k IS NULL THEN 0 WHEN enrolment.hit
      THEN nullif(student, 1) = 2 END AS student,
    CASE WHEN id_number IS NULL THEN NULL WHEN income.k IS NULL THEN 0 WHEN income.hit
      AND wage < 4503599627370496 THEN wage END AS wage,
    CASE WHEN id_number IS NULL THEN NULL WHEN income.k IS NULL THEN 0 WHEN income.hit
      AND business < 4503599627370496 AND property < 4503599627370496
      THEN business + property END AS business_and_property,
    CASE WHEN id_number IS NULL THEN NULL WHEN pension.k IS NULL THEN 0 WHEN pension.hit
      AND pension < 4503599627370496 AND basic_pension < 4503599627370496
      THEN pension - basic_pension END AS pension,
    CASE WHEN id_number IS NULL THEN NULL WHEN vehicle.k IS NULL THEN 0 WHEN vehicle.hit
      AND vehicles < 4503599627370496 THEN vehicles END AS vehicles,
    CASE WHEN id_number IS NULL THEN NULL WHEN realestate.k IS NULL THEN 0 WHEN realestate.hit
      AND dwellings < 4503599627370496 THEN dwellings END AS dwellings,
    CASE WHEN id_number IS NULL THEN NULL WHEN realestate.k IS NULL THEN 0 WHEN realestate.hit
      AND other_properties < 4503599627370496 THEN other_properties END AS other_properties,
    CASE WHEN id_number IS NULL THEN NULL WHEN realestate.k IS NULL THEN 0 WHEN realestate.hit
      AND area < 4503599627370496 THEN area END AS area,
    CASE WHEN id_number IS NULL THEN NULL WHEN business.k IS NULL THEN 0 WHEN business.hit
      AND companies < 4503599627370496 THEN companies END AS companies,
    CASE WHEN id_number IS NULL THEN NULL WHEN contribution.k IS NULL THEN 0 WHEN contribution.hit
      AND months < 4503599627370496 THEN months END AS months,
    CASE WHEN id_number IS NULL THEN NULL WHEN assistance.k IS NULL THEN 0 WHEN assistance.hit
      AND aid_month < 4503599627370496 THEN aid_month END AS aid_month,
    CASE WHEN id_number IS NULL THEN NULL WHEN assistance.k IS NULL THEN 0 WHEN assistance.hit
      THEN nullif(has_db, 1) = 2 END AS has_db,
    CASE WHEN id_number IS NULL THEN NULL WHEN assistance.k IS NULL THEN 0 WHEN assistance.hit
      THEN nullif(has_edge, 1) = 2 END AS has_edge,
    CASE WHEN id_number IS NULL THEN NULL WHEN assistance.k IS NULL THEN 0 WHEN assistance.hit
      THEN nullif(has_tk, 1) = 2 END AS has_tk,
    CASE WHEN id_number IS NULL THEN NULL WHEN disability.k IS NULL THEN 9 WHEN disability.hit
      THEN nullif(grade, -1) END AS grade,
    CASE WHEN id_number IS NULL THEN NULL WHEN disability.k IS NULL THEN 'NONE' WHEN disability.hit
      THEN CASE WHEN disability.low = '' THEN NULL WHEN disability.high = '' THEN 'NONE'
        WHEN disability.low IN (disability.high, 'NONE') THEN disability.high END END AS type,
    CASE WHEN id_number IS NULL THEN NULL WHEN insurance.k IS NULL THEN 0 WHEN insurance.hit
      THEN nullif(insured, 1) = 2 END AS insured,
    CASE WHEN id_number IS NULL THEN NULL WHEN settlement.k IS NULL THEN 0 WHEN settlement.hit
      AND inpatient < 4503599627370496 AND outpatient < 4503599627370496
      THEN inpatient + outpatient END AS medical,
    CASE WHEN id_number IS NULL THEN NULL WHEN settlement.k IS NULL THEN '1900-01-01'
      WHEN settlement.hit THEN nullif(last_inpatient, '9999') END AS last_inpatient,
    -- Two towns alone have handed in their registered unemployed.
    CASE WHEN id_number IS NULL THEN NULL
      WHEN substr(division, 1, 9) NOT IN ('370499101', '370499102') THEN NULL
      WHEN unemployment.k IS NULL THEN 0 WHEN unemployment.hit
      THEN nullif(unemployed, 1) = 2 END AS unemployed
  FROM seat
  LEFT JOIN hukou ON hukou.k = seat.rowid LEFT JOIN death ON death.k = seat.rowid
  LEFT JOIN custody ON custody.k = seat.rowid LEFT JOIN enrolment ON enrolment.k = seat.rowid
  LEFT JOIN income ON income.k = seat.rowid LEFT JOIN pension ON pension.k = seat.rowid
  LEFT JOIN vehicle ON vehicle.k = seat.rowid LEFT JOIN realestate ON realestate.k = seat.rowid
  LEFT JOIN business ON business.k = seat.rowid LEFT JOIN contribution ON contribution.k = seat.rowid
  LEFT JOIN assistance ON assistance.k = seat.rowid LEFT JOIN disability ON disability.k = seat.rowid
  LEFT JOIN insurance ON insurance.k = seat.rowid LEFT JOIN settlement ON settlement.k = seat.rowid
  LEFT JOIN unemployment ON unemployment.k = seat.rowid
)
SELECT seat, household_no, member_no, zone, age, resident, deceased, student, vehicles, dwellings,
  other_properties, area, companies, aid_month, has_db, has_edge, has_tk, insured, medical,
  last_inpatient, unemployed,
  grade IN (1, 2) AS severe, grade = 3 AND type IN ('5', '6') AS mental,
  wage - wage * 100000 / 1000000 + business_and_property + pension AS own_income,
  wage > 0 OR months >= 6 AS working,
  -- A CASE whose condition is unknown is unknown.
  CASE WHEN age < 16 OR student THEN 0 WHEN (age < 16 OR student) IS NULL THEN NULL
    WHEN grade IN (1, 2) THEN 0 WHEN grade IS NULL THEN NULL WHEN age >= 60 THEN 1 ELSE 2 END
    AS labour_weight,
  CASE WHEN age IS NULL OR grade IS NULL THEN NULL WHEN grade IN (1, 2) THEN 200000
    WHEN age >= 60 OR age < 18 THEN 100000 ELSE 0 END AS addon_ppm,
  CASE WHEN shared = 0 THEN counts WHEN counts IS 0 THEN 0 END AS counted
FROM (SELECT *, NOT deceased AND NOT in_custody AND (relation IN ('02', '10')
    OR (relation IN ('20', '30') AND age < 18) OR (relation IN ('20', '30') AND student)
    OR (relation <> '99' AND lives_together)) AS counts FROM facts)
ORDER BY seat;

-- One row a household: each sum is NULL as soon as one counted member's value, or who counts, is.
CREATE TEMP TABLE household AS
WITH rolled AS (
  SELECT household_no, MIN(zone) AS zone, SUM(coalesce(counted, 4503599627370496)) AS members,
    MAX(coalesce(2 * (counted AND resident), 1)) AS resident,
    SUM(coalesce(CASE counted WHEN 1 THEN student WHEN 0 THEN 0 END, 4503599627370496)) AS students,
    SUM(coalesce(CASE counted WHEN 1 THEN own_income WHEN 0 THEN 0 END, 4503599627370496)) AS income,
    SUM(coalesce(CASE counted WHEN 1 THEN vehicles WHEN 0 THEN 0 END, 4503599627370496)) AS vehicles,
    SUM(coalesce(CASE counted WHEN 1 THEN dwellings WHEN 0 THEN 0 END, 4503599627370496)) AS dwellings,
    SUM(coalesce(CASE counted WHEN 1 THEN other_properties WHEN 0 THEN 0 END, 4503599627370496))
      AS other_properties,
    SUM(coalesce(CASE counted WHEN 1 THEN area WHEN 0 THEN 0 END, 4503599627370496)) AS area,
    SUM(coalesce(CASE counted WHEN 1 THEN companies WHEN 0 THEN 0 END, 4503599627370496)) AS companies,
    SUM(coalesce(CASE counted WHEN 1 THEN working WHEN 0 THEN 0 END, 4503599627370496)) AS working,
    SUM(coalesce(CASE counted WHEN 1 THEN labour_weight WHEN 0 THEN 0 END, 4503599627370496))
      AS labour_weight,
    SUM(coalesce(CASE counted WHEN 1 THEN medical WHEN 0 THEN 0 END, 4503599627370496)) AS medical,
    SUM(coalesce(CASE counted WHEN 1 THEN addon_ppm WHEN 0 THEN 0 END, 4503599627370496)) AS addon_ppm,
    SUM(coalesce(CASE counted WHEN 1 THEN aid_month WHEN 0 THEN 0 END, 4503599627370496)) AS aid_month,
    SUM(coalesce(CASE counted WHEN 1 THEN age < 18 OR age >= 60 WHEN 0 THEN 0 END, 4503599627370496))
      AS dependants,
    MIN(coalesce(2 * (NOT counted OR insured), 1)) AS insured,
    MAX(coalesce(2 * (counted AND unemployed), 1)) AS unemployed,
    MAX(coalesce(CASE counted WHEN 1 THEN last_inpatient WHEN 0 THEN '' END, '9999')) AS last_inpatient,
    MAX(coalesce(2 * has_db, 1)) AS has_db, MAX(coalesce(2 * has_edge, 1)) AS has_edge,
    MAX(coalesce(2 * has_tk, 1)) AS has_tk
  FROM person GROUP BY household_no
), known AS (
  SELECT household_no, zone,
    CASE zone WHEN 'URBAN' THEN 100000 WHEN 'RURAL' THEN 80000 END AS dibao,
    CASE WHEN members < 4503599627370496 THEN members END AS members,
    CASE WHEN members < 4503599627370496 THEN MAX(members, 1) END AS heads,
    nullif(resident, 1) = 2 AS resident,
    CASE WHEN students < 4503599627370496 THEN students END AS students,
    CASE WHEN income < 4503599627370496 THEN income END AS income,
    CASE WHEN vehicles < 4503599627370496 THEN vehicles END AS vehicles,
    CASE WHEN dwellings < 4503599627370496 THEN dwellings END AS dwellings,
    CASE WHEN other_properties < 4503599627370496 THEN other_properties END AS other_properties,
    CASE WHEN area < 4503599627370496 THEN area END AS area,
    CASE WHEN companies < 4503599627370496 THEN companies END AS companies,
    CASE WHEN working < 4503599627370496 THEN working END AS working,
    CASE WHEN labour_weight < 4503599627370496 THEN labour_weight END AS labour_weight,
    CASE WHEN medical < 4503599627370496 THEN medical END AS medical,
    CASE WHEN addon_ppm < 4503599627370496 THEN addon_ppm END AS addon_ppm,
    CASE WHEN aid_month < 4503599627370496 THEN aid_month END AS aid_month,
    CASE WHEN dependants < 4503599627370496 THEN dependants END AS dependants,
    nullif(insured, 1) = 2 AS insured, nullif(unemployed, 1) = 2 AS unemployed,
    nullif(nullif(last_inpatient, '9999'), '') AS last_inpatient,
    nullif(has_db, 1) = 2 AS has_db, nullif(has_edge, 1) = 2 AS has_edge,
    nullif(has_tk, 1) = 2 AS has_tk
  FROM rolled
), facts AS MATERIALIZED (
  SELECT *, income / heads AS income_head, area / heads AS area_head,
    CASE WHEN members = 0 THEN 0 ELSE dependants * 1000000 / members END AS burden_ppm,
    resident AND income < 12 * dibao * members AND vehicles <= 0 AND dwellings <= 1
      AND other_properties = 0 AND companies = 0 AS db
  FROM known
), edge AS MATERIALIZED (
  SELECT *, has_db OR db AS in_db,
    NOT (has_db OR db) AND income < 18 * dibao * members AND vehicles <= 1 AND dwellings <= 2
      AND other_properties = 0 AS edge
  FROM facts
)
SELECT *, has_edge OR edge AS in_edge FROM edge;
CREATE UNIQUE INDEX temp.household_by_no ON household (household_no);

-- One row a person with the support for the destitute, on which others wait.
CREATE TEMP TABLE answered AS
SELECT p.seat, p.household_no, member_no, p.zone, age, severe, mental,
  resident AND NOT deceased AS alive, has_tk, in_db, counted, tk1, tk2, tk3, tk4,
  tk1 AND tk2 AND tk3 AND tk4 AS tk, has_tk OR (tk1 AND tk2 AND tk3 AND tk4) AS in_tk
FROM (
  SELECT p.seat, p.household_no, member_no, p.zone, age, severe, mental, p.resident, deceased,
    p.has_tk, in_db, counted, age >= 60 OR age < 16 OR severe AS tk1,
    own_income < CASE p.zone WHEN 'URBAN' THEN 1560000 WHEN 'RURAL' THEN 1248000 END AS tk2,
    h.members = 1 AS tk3, NOT h.has_db AS tk4
  FROM person AS p CROSS JOIN household AS h ON h.household_no = p.household_no
) AS p;

CREATE TABLE out.result (
  household_no TEXT, member_no TEXT,
  "BEN-CARE" TEXT, "BEN-CARE.criteria" TEXT, "BEN-CARE.amount_fen" INTEGER,
  "BEN-CHILD" TEXT, "BEN-CHILD.criteria" TEXT, "BEN-CHILD.amount_fen" INTEGER,
  "BEN-DB" TEXT, "BEN-DB.criteria" TEXT, "BEN-DB.amount_fen" INTEGER,
  "BEN-DIS" TEXT, "BEN-DIS.criteria" TEXT, "BEN-DIS.amount_fen" INTEGER,
  "BEN-EDGE" TEXT, "BEN-EDGE.criteria" TEXT,
  "BEN-EDU" TEXT, "BEN-EDU.criteria" TEXT, "BEN-EDU.amount_fen" INTEGER,
  "BEN-FARM" TEXT, "BEN-FARM.criteria" TEXT, "BEN-JOB" TEXT, "BEN-JOB.criteria" TEXT,
  "BEN-OLD" TEXT, "BEN-OLD.criteria" TEXT, "BEN-OLD.amount_fen" INTEGER,
  "BEN-RENT" TEXT, "BEN-RENT.criteria" TEXT, "BEN-RENT.amount_fen" INTEGER,
  "BEN-RIG" TEXT, "BEN-RIG.criteria" TEXT,
  "BEN-TEMP" TEXT, "BEN-TEMP.criteria" TEXT, "BEN-TEMP.amount_fen" INTEGER,
  "BEN-TK" TEXT, "BEN-TK.criteria" TEXT, "BEN-TK.amount_fen" INTEGER,
  "BEN-WARM" TEXT, "BEN-WARM.criteria" TEXT, "BEN-WARM.amount_fen" INTEGER
);

INSERT INTO out.result (household_no, "BEN-DB", "BEN-DB.criteria", "BEN-DB.amount_fen", "BEN-EDGE",
  "BEN-EDGE.criteria", "BEN-EDU", "BEN-EDU.criteria", "BEN-EDU.amount_fen", "BEN-FARM",
  "BEN-FARM.criteria", "BEN-JOB", "BEN-JOB.criteria", "BEN-RENT", "BEN-RENT.criteria",
  "BEN-RENT.amount_fen", "BEN-RIG", "BEN-RIG.criteria", "BEN-TEMP", "BEN-TEMP.criteria",
  "BEN-TEMP.amount_fen", "BEN-WARM", "BEN-WARM.criteria", "BEN-WARM.amount_fen")
WITH tested AS MATERIALIZED (
  SELECT h.*, NOT in_db AND NOT in_edge AS ri1, income_head < 3000000 AS ri2,
    medical * 1000000 / MAX(1, income) >= 600000 AS ri3, vehicles <= 1 AND dwellings <= 2 AS ri4,
    -- Less than six whole months before 2026-11-20.
    medical >= 1000000 AND last_inpatient > '2026-05-20' AS te1,
    -- Nobody's deposits are read in a screening; only a household of nobody has none.
    CASE WHEN members = 0 THEN 1 END AS te4,
    zone = 'URBAN' AS re1, income_head <= 3000000 AND 12 * aid_month <= 3000000 AS re2,
    area_head < 15 AS re3, vehicles <= 0 AND other_properties = 0 AND companies = 0 AS re4,
    has_db OR has_edge OR has_tk AS fa2, dwellings = 1 AND burden_ppm >= 300000 AS fa3,
    in_db OR in_edge AS ed2, in_db OR has_tk OR nullif(any_tk, 1) = 2 AS wa1,
    burden_ppm >= 500000 OR zone = 'URBAN' AS wa2
  FROM (SELECT household_no, MAX(coalesce(2 * (counted AND tk), 1)) AS any_tk
      FROM answered GROUP BY household_no) AS m
    CROSS JOIN household AS h ON h.household_no = m.household_no
)
SELECT household_no,
  CASE db WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE resident WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE income < 12 * dibao * members WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE vehicles <= 0 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE dwellings <= 1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE other_properties = 0 AND companies = 0 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN db THEN (12 * dibao * members - income + 1199) / 1200 * 100
    + addon_ppm * dibao / 1000000 END,
  CASE edge WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE in_db WHEN 0 THEN 'p' WHEN 1 THEN 'f' ELSE '?' END
    || CASE income < 18 * dibao * members WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE vehicles <= 1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE dwellings <= 2 AND other_properties = 0 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE students >= 1 AND ed2 WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE students >= 1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE ed2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN students >= 1 AND ed2 THEN students * 150000 END,
  CASE zone = 'RURAL' AND fa2 AND fa3
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE zone = 'RURAL' WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE fa2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE fa3 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE working = 0 AND labour_weight >= 2 AND unemployed
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE working = 0 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE labour_weight >= 2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE unemployed WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE re1 AND re2 AND re3 AND re4
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE re1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE re2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE re3 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE re4 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN re1 AND re2 AND re3 AND re4 THEN (15 - area_head) * members * 1500 END,
  CASE ri1 AND ri2 AND ri3 AND ri4
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE ri1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE ri2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE ri3 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE ri4 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE te1 AND insured AND ri2 AND te4
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE te1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE insured WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE ri2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE te4 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN te1 AND insured AND ri2 AND te4 THEN MIN((medical - 1000000) / 2, 6 * dibao) END,
  CASE wa1 AND wa2 WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE wa1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE wa2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN wa1 AND wa2 THEN 60000 END
FROM tested;

-- Who may count is shown; what he would get is unknown until that is known.
INSERT INTO out.result (household_no, member_no, "BEN-TK", "BEN-TK.criteria", "BEN-TK.amount_fen",
  "BEN-DIS", "BEN-DIS.criteria", "BEN-DIS.amount_fen", "BEN-CARE", "BEN-CARE.criteria",
  "BEN-CARE.amount_fen", "BEN-OLD", "BEN-OLD.criteria", "BEN-OLD.amount_fen", "BEN-CHILD",
  "BEN-CHILD.criteria")
SELECT household_no, member_no,
  CASE tk AND counted WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE tk1 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE tk2 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE tk3 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE tk4 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN tk AND counted THEN CASE zone WHEN 'URBAN' THEN 130000 ELSE 104000 END END,
  CASE (severe OR mental) AND in_db AND NOT in_tk AND counted
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE severe OR mental WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE in_db WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END
    || CASE in_tk WHEN 0 THEN 'p' WHEN 1 THEN 'f' ELSE '?' END,
  CASE WHEN (severe OR mental) AND in_db AND NOT in_tk AND counted THEN 15000 END,
  CASE severe AND NOT has_tk AND alive AND counted
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE severe WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE has_tk WHEN 0 THEN 'p' WHEN 1 THEN 'f' ELSE '?' END
    || CASE alive WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN severe AND NOT has_tk AND alive AND counted THEN 12000 END,
  CASE age >= 80 AND alive AND counted
    WHEN 1 THEN 'eligible' WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE age >= 80 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || CASE alive WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END,
  CASE WHEN age >= 80 AND alive AND counted THEN CASE WHEN age >= 90 THEN 20000 ELSE 10000 END END,
  -- The children's register is stale, so nobody is found eligible.
  CASE age < 18 AND NULL AND NOT in_tk WHEN 0 THEN 'ineligible' ELSE 'unknown' END,
  CASE age < 18 WHEN 1 THEN 'p' WHEN 0 THEN 'f' ELSE '?' END || '?'
    || CASE in_tk WHEN 0 THEN 'p' WHEN 1 THEN 'f' ELSE '?' END
FROM answered WHERE counted IS NOT 0;
