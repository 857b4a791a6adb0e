// Loads that are not believed, or whose doubt a person took back. What was measured stays as it is; a mark is never
// changed but withdrawn, so that what a forecast saw can be told later.

const statements = [
  `create table load_mark (
    id integer primary key,
    series_id text not null references series (id),
    start_ms integer not null,
    end_ms integer not null check (end_ms > start_ms),
    kind text not null,
    treatment text not null check (treatment in ('keep', 'mark', 'mask', 'impute')),
    reason text not null,
    made_by text not null check (made_by in ('inspection', 'person')),
    made_at_ms integer not null,
    withdrawn_at_ms integer check (withdrawn_at_ms >= made_at_ms)
  ) strict`,
  `create index load_mark_of_series on load_mark (series_id, start_ms)`,

  // each hour that a mark took away, and what stands in for it
  `create table load_mark_value (
    mark_id integer not null references load_mark (id),
    start_ms integer not null,
    load_mw real not null,
    substitute_mw real,
    primary key (mark_id, start_ms)
  ) strict, without rowid`,
];

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('Marks of a person cannot be made again; restore a backup instead.');
}
