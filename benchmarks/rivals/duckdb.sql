-- The frozen catalogue's rules over facts_duckdb.sql, as an expert would write them for DuckDB: the
-- standards are constants, unknown is NULL, and each aggregate of a household is written once.
-- {out} is the Parquet file of results.

CREATE MACRO outcome(met) AS CASE WHEN met THEN 'eligible' WHEN NOT met THEN 'ineligible' ELSE 'unknown' END;
CREATE MACRO letter(met) AS CASE WHEN met THEN 'p' WHEN NOT met THEN 'f' ELSE '?' END;
CREATE MACRO at_least_one(n) AS CASE WHEN n < 1 THEN 1 ELSE n END;

COPY (
WITH persons AS MATERIALIZED (
  WITH derived AS (
    SELECT *, grade IN (1, 2) AS severe, grade = 3 AND type IN ('5', '6') AS mental,
      wage - wage * 100000 // 1000000 + business + property + pension - basic_pension AS own_income,
      wage > 0 OR months >= 6 AS working, inpatient + outpatient AS medical
    FROM known_persons
  ), labour AS (
    SELECT *,
      -- A CASE whose condition is unknown is unknown.
      CASE WHEN age < 16 OR student THEN 0 WHEN (age < 16 OR student) IS NULL THEN NULL
        WHEN severe THEN 0 WHEN severe IS NULL THEN NULL WHEN age >= 60 THEN 1 ELSE 2 END AS labour_weight,
      CASE WHEN age IS NULL OR severe IS NULL THEN NULL WHEN severe THEN 200000
        WHEN age >= 60 OR age < 18 THEN 100000 ELSE 0 END AS addon_ppm,
      NOT deceased AND NOT in_custody AND (relation IN ('02', '10')
        OR (relation IN ('20', '30') AND age < 18) OR (relation IN ('20', '30') AND student)
        OR (relation <> '99' AND lives_together)) AS counts
    FROM derived
  )
  SELECT *, CASE WHEN shared = 1 AND counts IS DISTINCT FROM FALSE THEN NULL ELSE counts END AS counted
  FROM labour
),
-- Materialized, or each sum would be computed again wherever it is named.
rolled AS MATERIALIZED (
  SELECT household_no, min(zone) AS zone,
    total(CAST(counted AS INTEGER)) AS members,
    either(counted AND resident) AS resident,
    total(part(counted, CAST(student AS INTEGER))) AS students,
    total(part(counted, own_income)) AS income,
    total(part(counted, vehicles)) AS vehicles, total(part(counted, dwellings)) AS dwellings,
    total(part(counted, other_properties)) AS other_properties,
    total(part(counted, dwelling_area)) AS dwelling_area,
    total(part(counted, companies)) AS companies,
    total(part(counted, CAST(working AS INTEGER))) AS working,
    total(part(counted, labour_weight)) AS labour_weight,
    total(part(counted, medical)) AS medical, total(part(counted, addon_ppm)) AS addon_ppm,
    total(part(counted, aid_month)) AS aid_month,
    total(part(counted, CAST(age < 18 OR age >= 60 AS INTEGER))) AS dependants,
    NOT either(counted AND NOT insured) AS insured,
    either(counted AND unemployed) AS unemployed,
    CASE WHEN count(CASE WHEN counted THEN last_inpatient WHEN NOT counted THEN '' END) = count(*)
      THEN max(CASE WHEN counted THEN last_inpatient END) END AS last_inpatient,
    either(has_db) AS has_db, either(has_edge) AS has_edge, either(has_tk) AS has_tk
  FROM persons GROUP BY household_no
), households AS MATERIALIZED (
  WITH facts AS (
    SELECT *, CASE zone WHEN 'URBAN' THEN 100000 WHEN 'RURAL' THEN 80000 END AS dibao,
      income // at_least_one(members) AS income_head,
      CASE WHEN members = 0 THEN 0 ELSE dependants * 1000000 // members END AS burden_ppm,
      dwelling_area // at_least_one(members) AS area_head,
      vehicles <= 1 AND dwellings <= 2 AS edge_assets
    FROM rolled
  ), dibao AS (
    SELECT *, 12 * dibao * members AS dibao_year,
      resident AS db1, income < dibao_year AS db2, vehicles <= 0 AS db3, dwellings <= 1 AS db4,
      other_properties = 0 AND companies = 0 AS db5,
      db1 AND db2 AND db3 AND db4 AND db5 AS db, has_db OR db AS in_db
    FROM facts
  ), edge AS (
    SELECT *, NOT in_db AS ed1, income < 18 * dibao * members AS ed2, vehicles <= 1 AS ed3,
      dwellings <= 2 AND other_properties = 0 AS ed4,
      ed1 AND ed2 AND ed3 AND ed4 AS edge, has_edge OR edge AS in_edge
    FROM dibao
  )
  SELECT *,
    NOT in_db AND NOT in_edge AS ri1, income_head < 3000000 AS ri2,
    medical * 1000000 // at_least_one(income) >= 600000 AS ri3, edge_assets AS ri4,
    ri1 AND ri2 AND ri3 AND ri4 AS rig,
    -- Less than six whole months before 2026-11-20.
    medical >= 1000000 AND last_inpatient > '2026-05-20' AS te1, insured AS te2, ri2 AS te3,
    -- Nobody's deposits are read in a screening; only a household of nobody has none.
    CASE WHEN members = 0 THEN TRUE END AS te4, te1 AND te2 AND te3 AND te4 AS temp,
    zone = 'URBAN' AS re1, income_head <= 3000000 AND 12 * aid_month <= 3000000 AS re2,
    area_head < 15 AS re3, vehicles <= 0 AND other_properties = 0 AND companies = 0 AS re4,
    re1 AND re2 AND re3 AND re4 AS rent,
    zone = 'RURAL' AS fa1, has_db OR has_edge OR has_tk AS fa2,
    dwellings = 1 AND burden_ppm >= 300000 AS fa3, fa1 AND fa2 AND fa3 AS farm,
    students >= 1 AS ed_1, in_db OR in_edge AS ed_2, ed_1 AND ed_2 AS edu,
    working = 0 AS jo1, labour_weight >= 2 AS jo2, unemployed AS jo3, jo1 AND jo2 AND jo3 AS job,
    burden_ppm >= 500000 OR zone = 'URBAN' AS wa2
  FROM edge
), answered AS MATERIALIZED (
  WITH tekun AS (
    SELECT p.household_no, member_no, ordinal, counted, p.zone, age, severe, mental, deceased,
      p.resident, p.has_tk, h.in_db,
      age >= 60 OR age < 16 OR severe AS tk1,
      own_income < CASE p.zone WHEN 'URBAN' THEN 1560000 WHEN 'RURAL' THEN 1248000 END AS tk2,
      h.members = 1 AS tk3, NOT h.has_db AS tk4, tk1 AND tk2 AND tk3 AND tk4 AS tk,
      p.has_tk OR tk AS in_tk
    FROM persons AS p JOIN households AS h USING (household_no)
  )
  SELECT *, severe OR mental AS di1, in_db AS di2, NOT in_tk AS di3, di1 AND di2 AND di3 AS dis,
    severe AS ca1, NOT has_tk AS ca2, p_alive AS ca3, ca1 AND ca2 AND ca3 AS care,
    age >= 80 AS ol1, p_alive AS ol2, ol1 AND ol2 AS old,
    -- The children's register is stale.
    age < 18 AS ch1, CAST(NULL AS BOOLEAN) AS ch2, NOT in_tk AS ch3, ch1 AND ch2 AND ch3 AS child
  FROM (SELECT *, resident AND NOT deceased AS p_alive FROM tekun)
)
  SELECT household_no, NULL AS member_no,
    outcome(db) AS "BEN-DB",
    letter(db1) || letter(db2) || letter(db3) || letter(db4) || letter(db5) AS "BEN-DB.criteria",
    CASE WHEN db THEN (dibao_year - income + 1199) // 1200 * 100 + addon_ppm * dibao // 1000000 END
      AS "BEN-DB.amount_fen",
    outcome(edge) AS "BEN-EDGE",
    letter(ed1) || letter(ed2) || letter(ed3) || letter(ed4) AS "BEN-EDGE.criteria",
    outcome(edu) AS "BEN-EDU", letter(ed_1) || letter(ed_2) AS "BEN-EDU.criteria",
    CASE WHEN edu THEN students * 150000 END AS "BEN-EDU.amount_fen",
    outcome(farm) AS "BEN-FARM", letter(fa1) || letter(fa2) || letter(fa3) AS "BEN-FARM.criteria",
    outcome(job) AS "BEN-JOB", letter(jo1) || letter(jo2) || letter(jo3) AS "BEN-JOB.criteria",
    outcome(rent) AS "BEN-RENT",
    letter(re1) || letter(re2) || letter(re3) || letter(re4) AS "BEN-RENT.criteria",
    CASE WHEN rent THEN (15 - area_head) * members * 1500 END AS "BEN-RENT.amount_fen",
    outcome(rig) AS "BEN-RIG",
    letter(ri1) || letter(ri2) || letter(ri3) || letter(ri4) AS "BEN-RIG.criteria",
    outcome(temp) AS "BEN-TEMP",
    letter(te1) || letter(te2) || letter(te3) || letter(te4) AS "BEN-TEMP.criteria",
    CASE WHEN temp AND dibao IS NOT NULL THEN least((medical - 1000000) // 2, 6 * dibao) END AS "BEN-TEMP.amount_fen",
    outcome(wa1 AND wa2) AS "BEN-WARM", letter(wa1) || letter(wa2) AS "BEN-WARM.criteria",
    CASE WHEN wa1 AND wa2 THEN 60000 END AS "BEN-WARM.amount_fen"
  FROM (
    SELECT h.*, h.in_db OR h.has_tk OR m.any_tk AS wa1 FROM households AS h
    JOIN (SELECT household_no, either(counted AND tk) AS any_tk FROM answered GROUP BY ALL) AS m
      USING (household_no)
  )
  UNION ALL BY NAME
  SELECT household_no, member_no,
    outcome(tk AND sure) AS "BEN-TK",
    letter(tk1) || letter(tk2) || letter(tk3) || letter(tk4) AS "BEN-TK.criteria",
    CASE WHEN tk AND sure THEN CASE zone WHEN 'URBAN' THEN 130000 ELSE 104000 END END
      AS "BEN-TK.amount_fen",
    outcome(dis AND sure) AS "BEN-DIS",
    letter(di1) || letter(di2) || letter(di3) AS "BEN-DIS.criteria",
    CASE WHEN dis AND sure THEN 15000 END AS "BEN-DIS.amount_fen",
    outcome(care AND sure) AS "BEN-CARE",
    letter(ca1) || letter(ca2) || letter(ca3) AS "BEN-CARE.criteria",
    CASE WHEN care AND sure THEN 12000 END AS "BEN-CARE.amount_fen",
    outcome(old AND sure) AS "BEN-OLD", letter(ol1) || letter(ol2) AS "BEN-OLD.criteria",
    CASE WHEN old AND sure THEN CASE WHEN age >= 90 THEN 20000 ELSE 10000 END END
      AS "BEN-OLD.amount_fen",
    outcome(child AND sure) AS "BEN-CHILD",
    letter(ch1) || letter(ch2) || letter(ch3) AS "BEN-CHILD.criteria",
    CASE WHEN child AND sure THEN 130000 END AS "BEN-CHILD.amount_fen"
  -- Who may count is shown; what he would get is unknown until that is known.
  FROM (SELECT *, CASE WHEN counted THEN TRUE END AS sure FROM answered)
  WHERE counted IS DISTINCT FROM FALSE
) TO '{out}' (FORMAT parquet);
