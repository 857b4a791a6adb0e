/**
 * Names that columns usually have, in the order of preference: lower case, accents off, words joined by `_`
 * (`normaliseName` of column-names.ts); loads and temperatures without their unit.
 */

export const wholeStampNames = words(`
  timestamp time_stamp datetime date_time timestamp_utc utc_timestamp utc time_utc utc_time datetime_utc date_utc
  valid_at valid_time interval_start read_at measured_at recorded_at start_time period_start cet_cest_timestamp local_time localtime ds ts
  zeitstempel zeitpunkt datum_uhrzeit datum_zeit datum_von horodate horodatage date_heure fecha_hora data_ora
  datum_tijd settlementdate mtu 日期时间 数据时间 采集时间 日時`);

/** a date beside a time of day */
export const dateNames = words('date datum jour fecha dia data day tag 日期 日付');
export const timeOfDayNames = words(`
  time uhrzeit zeit heure heures hora ora tijd hour hr stunde uhrzeit_von time_of_day von
  时间 时刻 時刻`);

/** these hold the whole stamp only where no other column completes them */
export const weakStampNames = words(`
  time zeit date datum fecha data start anfang beginn von from 时间 日期`);

export const loadNames = words(`
  load system_load total_load actual_load actual_total_load demand electricity_demand total_demand
  operational_demand consumption total_consumption netzlast gesamtlast last lastgang verbrauch stromverbrauch
  leistung consommation charge puissance consumo demanda carga potencia carico potenza verbruik belasting
  power active_power usage energy value wert valeur valor y
  负荷 用电负荷 电力负荷 系统负荷 全网负荷 统调负荷 总负荷 用电量 有功功率 功率 実績 当日実績 電力需要`);

/** a column with one of these words among others is a load */
export const loadWords = words(`
  load demand consumption netzlast gesamtlast verbrauch stromverbrauch consommation demanda consumo`);

/** a column with one of these words holds something else than the load that was */
export const otherWords = words(`
  forecast prognose vorhersage prevision previsione planned plan scheduled price preis prix temperature temperatur
  temp capacity residual residuallast`);

export const temperatureNames = words(`
  temperature temp air_temperature temperature_2m t2m tair drybulb dry_bulb temperatur lufttemperatur
  aussentemperatur temperatura temperatuur 温度 气温 環境温度 気温`);
export const temperatureForecastNames = words(`
  temperature_forecast forecast_temperature temp_forecast`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
