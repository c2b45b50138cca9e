"""Casework.db from operators and the journal to referrals, overlaps and batch runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m001_home_operators_journal(db: Database) -> None:
    create(db, "home", {"key": str, "value": str}, "key", "key value")
    create(
        db,
        "operator",
        {"operator_no": str, "person_no": str, "name": str, "roles": str, "division": str,
         "department": str},
        "operator_no",
        "operator_no person_no name roles division",
    )  # fmt: skip
    accounts = create(
        db, "operator_account", {"account": str, "operator_no": str}, "account", "operator_no"
    )
    accounts.add_foreign_key("operator_no", "operator", "operator_no")
    create(
        db,
        "journal",
        {"seq": int, "at": str, "operator": str, "account": str, "action": str, "subject": str,
         "body": str, "prev_hash": str, "hash": str},
        "seq",
        "at operator account action subject body prev_hash hash",
    )  # fmt: skip
    cast("Table", db["journal"]).create_index(["subject"])


@casework()
def m002_registers_and_numbers(db: Database) -> None:
    households = create(
        db,
        "household",
        {"household_id": int, "source_key": str, "minted_on": str},
        "household_id",
        "source_key minted_on",
    )
    households.create_index(["source_key"], unique=True)
    members = create(
        db, "member", {"member_id": int, "identity": str, "name": str, "minted_on": str},
        "member_id", "identity name minted_on",
    )  # fmt: skip
    members.create_index(["identity"], unique=True)
    snapshots = create(
        db,
        "snapshot",
        {"table": str, "source": str, "snapshot_no": int, "as_of": str, "loaded_at": str,
         "rows": int, "rejected": int, "digest": str, "covers": str, "file_name": str,
         "roster": str},
        "table",
        "source snapshot_no as_of loaded_at rows rejected digest covers file_name",
    )  # fmt: skip
    snapshots.create_index(["source", "snapshot_no"], unique=True)
    create(
        db, "calendar_day", {"day": str, "working": int, "set_by": str, "set_at": str}, "day",
        "working set_by set_at",
    )  # fmt: skip
    standards = create(
        db,
        "standard_value",
        {"id": int, "standard": str, "zone": str, "from_date": str, "to_date": str, "value": str,
         "basis": str, "tag": str, "example": int, "set_by": str, "set_at": str},
        "id",
        "standard zone from_date value basis tag example set_by set_at",
    )  # fmt: skip
    standards.create_index(["standard", "from_date"])


@casework()
def m003_applications(db: Database) -> None:
    applications = create(
        db,
        "application",
        {"application_no": str, "household_no": str, "applicant": str, "state": str,
         "first_officer": str, "division": str, "submitted_on": str, "accepted_on": str,
         "rule_pack": str, "closed_on": str, "rev": int},
        "application_no",
        "household_no applicant state first_officer division submitted_on rev",
    )  # fmt: skip
    applications.create_index(["household_no"])
    members = create(
        db,
        "composition",
        {"id": int, "application_no": str, "rule_pack": str, "version": int, "member_no": str,
         "id_number": str, "name": str, "relation": str, "birth_date": str, "sex": str,
         "counted": int, "from_date": str, "source": str},
        "id",
        "application_no rule_pack version member_no name relation from_date source",
    )  # fmt: skip
    members.add_foreign_key("application_no", "application", "application_no")
    members.create_index(["application_no", "version"])
    members.create_index(["member_no"])
    consents = create(
        db,
        "consent",
        {"consent_no": str, "application_no": str, "member_no": str, "kind": str, "scope": str,
         "signed_on": str, "expires_on": str, "paper_sha256": str, "paper_name": str,
         "recorded_by": str, "recorded_at": str},
        "consent_no",
        "application_no member_no kind scope signed_on expires_on paper_sha256 recorded_by",
    )  # fmt: skip
    consents.add_foreign_key("application_no", "application", "application_no")
    consents.create_index(["member_no"])
    facts = create(
        db,
        "recorded_fact",
        {"id": int, "application_no": str, "subject": str, "fact": str, "value": str,
         "status": str, "source": str, "as_of": str, "recorded_by": str, "recorded_at": str},
        "id",
        "subject fact value status source as_of recorded_by recorded_at",
    )  # fmt: skip
    facts.create_index(["subject", "fact"])
    notices = create(
        db,
        "supplement_notice",
        {"id": int, "application_no": str, "given_on": str, "items": str, "given_by": str},
        "id",
        "application_no given_on items given_by",
    )
    notices.add_foreign_key("application_no", "application", "application_no")


@casework()
def m004_reports_referrals_benefits(db: Database) -> None:
    reports = create(
        db,
        "report",
        {"id": int, "report_no": str, "application_no": str, "household_no": str, "body": str,
         "snapshots": str, "filed_at": str, "filed_by": str},
        "id",
        "report_no application_no household_no body snapshots filed_at filed_by",
    )  # fmt: skip
    reports.add_foreign_key("application_no", "application", "application_no")
    reports.create_index(["application_no"])
    referrals = create(
        db,
        "referral",
        {"referral_no": str, "application_no": str, "household_no": str, "member_no": str,
         "programme": str, "department": str, "division": str, "state": str, "dispatched_on": str,
         "due_sign": str, "due_accept": str, "due_finish": str, "provisional": int,
         "report_no": str, "rules_hash": str, "facts": str, "proposal": str, "decision": str,
         "returns": int, "rev": int},
        "referral_no",
        "application_no household_no programme department division state dispatched_on due_sign "
        "due_accept due_finish provisional report_no rules_hash facts proposal returns rev",
    )  # fmt: skip
    referrals.add_foreign_key("application_no", "application", "application_no")
    referrals.create_index(["application_no"])
    referrals.create_index(["department", "state"])
    referrals.create_index(["household_no", "programme"])
    moves = create(
        db,
        "referral_move",
        {"id": int, "referral_no": str, "from_state": str, "to_state": str, "at": str,
         "operator": str, "reason_code": str, "note": str},
        "id",
        "referral_no to_state at operator",
    )  # fmt: skip
    moves.add_foreign_key("referral_no", "referral", "referral_no")
    moves.create_index(["referral_no"])
    benefits = create(
        db,
        "benefit",
        {"benefit_no": str, "household_no": str, "member_no": str, "programme": str,
         "department": str, "amount_fen": int, "per": str, "from_month": str, "to_month": str,
         "referral_no": str},
        "benefit_no",
        "household_no programme department from_month referral_no",
    )  # fmt: skip
    benefits.add_foreign_key("referral_no", "referral", "referral_no")
    benefits.create_index(["household_no"])


@casework()
def m005_requested_programmes(db: Database) -> None:
    cast("Table", db["application"]).add_column("requested", str, not_null_default="[]")


@casework()
def m006_overlaps(db: Database) -> None:
    hits = create(
        db,
        "overlap_hit",
        {"hit_no": str, "identity": str, "kind": str, "household_no": str, "member_no": str,
         "programmes": str, "division": str, "first_run": str, "last_run": str, "found_on": str,
         "last_seen_on": str, "from_month": str, "to_month": str, "amount_fen": int,
         "evidence": str, "owner": str, "state": str, "resolution": str, "resolved_to": str,
         "resolved_evidence": str, "rev": int},
        "hit_no",
        "identity kind household_no programmes division first_run last_run found_on last_seen_on "
        "evidence owner state rev",
    )  # fmt: skip
    hits.create_index(["identity"], unique=True)
    hits.create_index(["household_no"])
    hits.create_index(["state", "kind"])
    moves = create(
        db,
        "overlap_move",
        {"id": int, "hit_no": str, "at": str, "operator": str, "act": str, "run": str,
         "code": str, "from_month": str, "to_month": str, "amount_fen": int, "reason": str},
        "id",
        "hit_no at operator act reason",
    )  # fmt: skip
    moves.add_foreign_key("hit_no", "overlap_hit", "hit_no")
    moves.create_index(["hit_no"])


@casework()
def m007_batch_runs(db: Database) -> None:
    runs = create(
        db,
        "run",
        {"run_no": str, "kind": str, "state": str, "begun_at": str, "ended_at": str,
         "operator": str, "households": int, "digest": str, "plan": str},
        "run_no",
        "kind state begun_at operator households plan",
    )  # fmt: skip
    runs.create_index(["state"])
