/** The names that psycopg2 gives to type oids; contracts compare columns by them. */

const NAMES: Readonly<Record<string, readonly number[]>> = {
  LONGINTEGER: [20],
  INTEGER: [23, 21],
  FLOAT: [701, 700],
  DECIMAL: [1700],
  STRING: [19, 18, 25, 1042, 1043],
  BOOLEAN: [16],
  DATETIME: [1114],
  DATETIMETZ: [1184],
  TIME: [1083, 1266],
  DATE: [1082],
  INTERVAL: [704, 1186],
  BINARY: [17],
  ROWID: [26],
  LONGINTEGERARRAY: [1016],
  INTEGERARRAY: [1005, 1006, 1007],
  FLOATARRAY: [1021, 1022],
  DECIMALARRAY: [1231],
  STRINGARRAY: [1002, 1003, 1009, 1014, 1015],
  BOOLEANARRAY: [1000],
  DATETIMEARRAY: [1115],
  DATETIMETZARRAY: [1185],
  TIMEARRAY: [1183, 1270],
  DATEARRAY: [1182],
  INTERVALARRAY: [1187],
  BINARYARRAY: [1001],
  ROWIDARRAY: [1028, 1013],
  UNKNOWN: [705],
  INETARRAY: [1041],
  CIDRARRAY: [651],
  MACADDRARRAY: [1040],
  JSON: [114],
  JSONARRAY: [199],
  JSONB: [3802],
  JSONBARRAY: [3807],
  daterange: [3912],
  tsrange: [3908],
  tstzrange: [3910],
};

const byOid = new Map(
  Object.entries(NAMES).flatMap(([name, oids]) => oids.map((oid) => [oid, name] as const)),
);

export function driverTypeName(oid: number): string {
  return byOid.get(oid) ?? `unknown type_code ${String(oid)}`;
}
