import { markup } from './markup.js';
import { page } from './page.js';
import type { ReportContent } from './report-content.js';
import { createReportView } from './report-view.js';
import { anomalySection } from './sections/anomaly-section.js';
import { dayCards } from './sections/day-cards.js';
import { footer } from './sections/footer.js';
import { forecastSection } from './sections/forecast-section.js';
import { headline } from './sections/headline.js';
import { inputSection } from './sections/input-section.js';
import { membersSection } from './sections/members-section.js';
import { modelCardSection } from './sections/model-card-section.js';
import { trendSection } from './sections/trend-section.js';
import { verificationSection } from './sections/verification-section.js';

/**
 * The report of one series as one self-contained HTML file: inline style and drawings, no script, nothing fetched.
 * It works under the content security policy `default-src 'none'; style-src 'unsafe-inline'; img-src data:`.
 */
export function renderReport(content: ReportContent): string {
  const view = createReportView(content);
  return page(
    `${content.series.name}: ${view.horizonHours}-hour load forecast`,
    markup`${headline(view)}
${dayCards(view)}
${forecastSection(view)}
${membersSection(view)}
${verificationSection(view)}
${trendSection(view)}
${anomalySection(view)}
${inputSection(view)}
${modelCardSection(view)}
${footer(view)}`,
  );
}
