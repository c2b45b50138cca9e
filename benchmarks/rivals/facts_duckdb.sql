-- What the registers say of each person, aggregated by DuckDB as an expert would write it: one
-- pass a register.
-- NULL is unknown. The children's register is stale and the banks' needs consent: neither is read.
-- Days follow from the frozen manifest: facts as of 2026-11-20, extracts of 2026-10-31 (taxes and
-- contributions) and 2026-11-15 (settlements); twelve whole months before them begin on the days
-- below. {folder} is the folder of Parquet files.

-- An unknown row leaves an amount unknown; one true row makes "any" true.
CREATE MACRO part(taken, amount) AS CASE WHEN taken THEN amount WHEN NOT taken THEN 0 END;
CREATE MACRO total(amount) AS CASE WHEN count(amount) = count(*) THEN CAST(sum(amount) AS BIGINT) END;
CREATE MACRO either(condition) AS
  CASE WHEN bool_or(condition) THEN TRUE WHEN count(condition) = count(*) THEN FALSE END;
-- 1: the register has the person under this name; 0: it has not; NULL: it cannot say.
CREATE MACRO seen(id, found, low, high, name) AS
  CASE WHEN id IS NULL THEN NULL WHEN found IS NULL THEN 0 WHEN low = name AND high = name THEN 1 END;
CREATE MACRO known(seen, fact, absent) AS CASE seen WHEN 1 THEN fact WHEN 0 THEN absent END;

CREATE TEMP VIEW known_persons AS
WITH roster AS (
  SELECT *, id_number AS id,
    2026 - CAST(left(birth_date, 4) AS INTEGER) - CAST(substr(birth_date, 6) > '11-20' AS INTEGER)
      AS age
  FROM read_parquet('{folder}/roster.parquet')
), hukou AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    CASE WHEN count(separated) = count(*) AND min(separated) = max(separated)
      THEN NOT min(separated) END AS lives_together
  FROM read_parquet('{folder}/bench.hukou.parquet') GROUP BY ALL
), death AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    either(died_on <= '2026-11-20') AS deceased
  FROM read_parquet('{folder}/bench.death.parquet') GROUP BY ALL
), custody AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    either(from_date <= '2026-11-20' AND to_date > '2026-11-20') AS in_custody
  FROM read_parquet('{folder}/bench.custody.parquet') GROUP BY ALL
), enrolment AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    either(full_time AND left_on > '2026-11-20' AND stage IN ('PRIMARY', 'JUNIOR', 'SENIOR', 'UNI'))
      AS student
  FROM read_parquet('{folder}/bench.enrolment.parquet') GROUP BY ALL
), income_rows AS (
  SELECT id_number, name, item, amount_fen,
    paid_on <= '2026-11-20' AND paid_on >= '2025-11-01' AS recent
  FROM read_parquet('{folder}/bench.income.parquet')
), income AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(item = 'WAGE' AND recent, amount_fen)) AS wage,
    total(part(item = 'BUSINESS' AND recent, amount_fen)) AS business,
    total(part(item = 'PROPERTY' AND recent, amount_fen)) AS property
  FROM income_rows GROUP BY ALL
), pension_rows AS (
  SELECT *, from_date <= '2026-11-20' AND to_date > '2026-11-20' AS paid
  FROM read_parquet('{folder}/bench.pension.parquet')
), pension AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(kind <> 'VETERAN' AND paid, 12 * monthly_fen)) AS pension,
    total(part(kind = 'RESIDENT' AND paid, 12 * basic_fen)) AS basic_pension
  FROM pension_rows GROUP BY ALL
), vehicle AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(status = 'NORMAL' AND kind IN ('CAR', 'TRUCK'), 1)) AS vehicles
  FROM read_parquet('{folder}/bench.vehicle.parquet') GROUP BY ALL
), realestate_rows AS (
  SELECT *, status = 'CURRENT' AND usage IN ('DWELLING', 'HOMESTEAD') AS dwelling,
    status = 'CURRENT' AND usage IN ('SHOP', 'OTHER') AS other
  FROM read_parquet('{folder}/bench.realestate.parquet')
), realestate AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(dwelling, 1)) AS dwellings, total(part(other, 1)) AS other_properties,
    total(part(dwelling, area_m2)) AS dwelling_area
  FROM realestate_rows GROUP BY ALL
), business AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(status = 'ACTIVE' AND kind = 'COMPANY' AND capital_fen > 10000000, 1)) AS companies
  FROM read_parquet('{folder}/bench.business.parquet') GROUP BY ALL
), contribution AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(kind = 'EMPLOYEE' AND paid_on <= '2026-11-20' AND paid_on >= '2025-11-01', 1))
      AS months
  FROM read_parquet('{folder}/bench.contribution.parquet') GROUP BY ALL
), assistance_rows AS (
  SELECT *, from_date <= '2026-11-20' AND to_date > '2026-11-20' AS paid
  FROM read_parquet('{folder}/bench.assistance.parquet')
), assistance AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(paid, amount_fen)) AS aid_month, either(programme = 'BEN-DB' AND paid) AS has_db,
    either(programme = 'BEN-EDGE' AND paid) AS has_edge, either(programme = 'BEN-TK' AND paid) AS has_tk
  FROM assistance_rows GROUP BY ALL
), disability AS (
  -- Of the cards in force: the gravest grade, and the type if all name one.
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    CASE WHEN count(part(expires_on > '2026-11-20', grade)) = count(*)
      THEN coalesce(min(CASE WHEN expires_on > '2026-11-20' THEN grade END), 9) END AS grade,
    CASE WHEN count(CASE WHEN expires_on > '2026-11-20' THEN type WHEN expires_on <= '2026-11-20'
      THEN '' END) = count(*) THEN
      CASE WHEN count_if(expires_on > '2026-11-20') = 0 THEN 'NONE'
        WHEN min(CASE WHEN expires_on > '2026-11-20' THEN type END)
          = max(CASE WHEN expires_on > '2026-11-20' THEN type END)
        THEN min(CASE WHEN expires_on > '2026-11-20' THEN type END) END END AS type
  FROM read_parquet('{folder}/bench.disability.parquet') GROUP BY ALL
), insurance AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    either(year = 2026 AND paid) AS insured
  FROM read_parquet('{folder}/bench.insurance.parquet') GROUP BY ALL
), settlement_rows AS (
  SELECT *, settled_on <= '2026-11-20' AND settled_on > '2025-11-15' AS recent
  FROM read_parquet('{folder}/bench.settlement.parquet')
), settlement AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    total(part(kind = 'INPATIENT' AND recent, own_fen)) AS inpatient,
    total(part(kind IN ('OUTPATIENT', 'CHRONIC') AND recent, own_fen)) AS outpatient,
    CASE WHEN count(kind = 'INPATIENT' AND settled_on <= '2026-11-20') = count(*)
      THEN coalesce(max(CASE WHEN kind = 'INPATIENT' AND settled_on <= '2026-11-20'
        THEN settled_on END), '1900-01-01') END AS last_inpatient
  FROM settlement_rows GROUP BY ALL
), unemployment AS (
  SELECT id_number AS id, min(name) AS low, max(name) AS high,
    either(registered_on <= '2026-11-20' AND ended_on > '2026-11-20') AS unemployed
  FROM read_parquet('{folder}/bench.unemployment.parquet') GROUP BY ALL
), status AS (
  SELECT r.household_no, r.member_no, r.ordinal, r.relation, r.zone, r.age, r.shared,
    seen(r.id, hukou.id, hukou.low, hukou.high, r.name) AS hukou_seen, lives_together,
    seen(r.id, death.id, death.low, death.high, r.name) AS death_seen, deceased,
    seen(r.id, custody.id, custody.low, custody.high, r.name) AS custody_seen, in_custody,
    seen(r.id, enrolment.id, enrolment.low, enrolment.high, r.name) AS enrolment_seen, student,
    seen(r.id, income.id, income.low, income.high, r.name) AS income_seen,
    wage, income.business, property,
    seen(r.id, pension.id, pension.low, pension.high, r.name) AS pension_seen, pension, basic_pension,
    seen(r.id, vehicle.id, vehicle.low, vehicle.high, r.name) AS vehicle_seen, vehicles,
    seen(r.id, realestate.id, realestate.low, realestate.high, r.name) AS realestate_seen,
    dwellings, other_properties, dwelling_area,
    seen(r.id, business.id, business.low, business.high, r.name) AS business_seen, companies,
    seen(r.id, contribution.id, contribution.low, contribution.high, r.name) AS contribution_seen,
    months,
    seen(r.id, assistance.id, assistance.low, assistance.high, r.name) AS assistance_seen,
    aid_month, has_db, has_edge, has_tk,
    seen(r.id, disability.id, disability.low, disability.high, r.name) AS disability_seen,
    grade, type,
    seen(r.id, insurance.id, insurance.low, insurance.high, r.name) AS insurance_seen, insured,
    seen(r.id, settlement.id, settlement.low, settlement.high, r.name) AS settlement_seen,
    inpatient, outpatient, last_inpatient,
    -- Two towns alone have handed in their registered unemployed.
    CASE WHEN left(r.division, 9) IN ('370499101', '370499102')
      THEN seen(r.id, unemployment.id, unemployment.low, unemployment.high, r.name) END
      AS unemployment_seen, unemployed
  FROM roster AS r
  LEFT JOIN hukou USING (id) LEFT JOIN death USING (id) LEFT JOIN custody USING (id)
  LEFT JOIN enrolment USING (id) LEFT JOIN income USING (id) LEFT JOIN pension USING (id)
  LEFT JOIN vehicle USING (id) LEFT JOIN realestate USING (id) LEFT JOIN business USING (id)
  LEFT JOIN contribution USING (id) LEFT JOIN assistance USING (id) LEFT JOIN disability USING (id)
  LEFT JOIN insurance USING (id) LEFT JOIN settlement USING (id) LEFT JOIN unemployment USING (id)
)
SELECT household_no, member_no, ordinal, relation, zone, age, shared,
  known(hukou_seen, TRUE, FALSE) AS resident, known(hukou_seen, lives_together, NULL) AS lives_together,
  known(death_seen, deceased, FALSE) AS deceased, known(custody_seen, in_custody, FALSE) AS in_custody,
  known(enrolment_seen, student, FALSE) AS student,
  known(income_seen, wage, 0) AS wage, known(income_seen, business, 0) AS business,
  known(income_seen, property, 0) AS property,
  known(pension_seen, pension, 0) AS pension, known(pension_seen, basic_pension, 0) AS basic_pension,
  known(vehicle_seen, vehicles, 0) AS vehicles, known(realestate_seen, dwellings, 0) AS dwellings,
  known(realestate_seen, other_properties, 0) AS other_properties,
  known(realestate_seen, dwelling_area, 0) AS dwelling_area,
  known(business_seen, companies, 0) AS companies, known(contribution_seen, months, 0) AS months,
  known(assistance_seen, aid_month, 0) AS aid_month, known(assistance_seen, has_db, FALSE) AS has_db,
  known(assistance_seen, has_edge, FALSE) AS has_edge, known(assistance_seen, has_tk, FALSE) AS has_tk,
  known(disability_seen, grade, 9) AS grade, known(disability_seen, type, 'NONE') AS type,
  known(insurance_seen, insured, FALSE) AS insured,
  known(settlement_seen, inpatient, 0) AS inpatient, known(settlement_seen, outpatient, 0) AS outpatient,
  known(settlement_seen, last_inpatient, '1900-01-01') AS last_inpatient,
  known(unemployment_seen, unemployed, FALSE) AS unemployed
FROM status;
