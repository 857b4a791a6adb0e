// What people add to a series' calendar, and what known events add to a forecast. An entry is never changed: it is
// withdrawn, so that what was known at an instant can be told for good.

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(`create table calendar_entry (
    id integer primary key,
    series_id text not null references series (id),
    kind text not null check (kind in ('holiday', 'working-day', 'bridge', 'school', 'shutdown',
      'outage', 'demand-response', 'curtailment')),
    name text not null,
    region text,
    start_ms integer not null,
    end_ms integer not null check (end_ms > start_ms),
    share real check (share > 0 and share <= 1),
    effect_mw real,
    masked integer not null check (masked in (0, 1)),
    source text not null,
    author text not null,
    reason text,
    created_at_ms integer not null,
    withdrawn_at_ms integer check (withdrawn_at_ms >= created_at_ms),
    withdrawn_by text
  ) strict`);
  await knex.raw(`create index calendar_entry_by_start on calendar_entry (series_id, start_ms)`);
  await knex.raw(`alter table forecast_value add column event_mw real`);
}

/** A step back would lose the entries: restore a backup instead. */
export async function down() {
  throw new Error('The calendar entries cannot be removed; restore a backup instead.');
}
