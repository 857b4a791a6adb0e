import { describe, expect, it } from 'vitest';
import { LoadcastError } from '../../src/core/errors.js';
import { dayMs } from '../../src/core/time.js';
import { restoreBundle, saveBundle, type SavedBundle } from '../../src/forecast/bundle.js';
import { issueForecast } from '../../src/forecast/issue-forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { trainBundle } from '../../src/forecast/train-bundle.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { present } from '../core/present.js';
import { hours } from '../ensemble/scored-forecasts.js';
import { sampleHistory } from './sample-history.js';
import { bundleOf, fittedNaive, recentDaysMember } from './sample-members.js';

const members = [naiveMember, recentDaysMember];
const everything = sampleHistory(130);
const issuedAtMs = everything.load.startMs + 120 * dayMs;
const history = knownHistory(
  everything,
  issuedAtMs,
  0,
  actualWeather(everything.temperature)(issuedAtMs),
);

function throughJson(saved: SavedBundle): SavedBundle {
  const bytes = saved.members.map((member) => member.weights);
  const copy: SavedBundle = JSON.parse(JSON.stringify(saved));
  return {
    ...copy,
    members: copy.members.map((member, i) => ({ ...member, weights: present(bytes[i]) })),
  };
}

describe('saveBundle and restoreBundle', () => {
  it('give back, through JSON, a bundle that issues the same forecast', async () => {
    const bundle = await trainBundle({
      seriesId: 'sample',
      history: knownHistory(everything, issuedAtMs, 0, null),
      members,
      seed: 1,
      threads: 1,
      trainedAtMs: 7,
      issueTimes: ['00:00'],
      loadDelayHours: 0,
      temperatureSource: 'actual',
      weather: actualWeather(everything.temperature),
    });
    expect(bundle.past.length).toBeGreaterThan(25);
    const restored = await restoreBundle(throughJson(saveBundle(bundle)), members);
    // What is stored is stored once and for all: a second round changes nothing.
    const again = await restoreBundle(throughJson(saveBundle(restored)), members);
    const [first, second, third] = [bundle, restored, again].map((one) =>
      issueForecast({
        seriesId: 'sample',
        kind: 'issued',
        history,
        issuedAtMs,
        createdAtMs: 0,
        temperatureSource: 'actual',
        reportingDelayHours: 0,
        bundle: one,
      }),
    );
    expect(third).toEqual(second);
    expect(second?.id).toBe(first?.id);
    expect(second?.members.map((member) => member.name)).toEqual(['naive', 'recent-days']);
    for (const [lead, value] of present(second).values.entries())
      expect(value.pointMw).toBeCloseTo(present(first?.values[lead]).pointMw, 5);
  });

  it('keep the hours of a member that was left out as such', async () => {
    const past = [
      {
        issuedAtMs: 0,
        memberMw: { naive: hours((lead) => (lead < 3 ? Number.NaN : lead)) },
        blendMw: hours((lead) => lead + 0.1234567),
      },
    ];
    const saved = saveBundle(bundleOf([await fittedNaive()], past));
    expect(JSON.stringify(saved.past)).toContain('null,null,null,3,4');
    const restored = await restoreBundle(throughJson(saved), members);
    expect(restored.past[0]?.memberMw['naive']).toEqual(past[0]?.memberMw.naive);
    expect(restored.past[0]?.blendMw[1]).toBe(1.123457); // to a watt
  });

  it('refuse a member that this version does not know', async () => {
    const saved = saveBundle(bundleOf([await fittedNaive()]));
    const restoring = restoreBundle(saved, [recentDaysMember]);
    await expect(restoring).rejects.toThrow(/"naive".*retrain/);
    await expect(restoring).rejects.toBeInstanceOf(LoadcastError);
  });
});
