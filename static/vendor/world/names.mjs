// Gives each outline the ISO 3166 code of its country, cuts it where the day changes, and leaves out what has no code and the Antarctic.
import { readFileSync, writeFileSync } from "node:fs";
import { geoProjection } from "d3-geo";
import { geoProject } from "d3-geo-projection";
import countries from "i18n-iso-countries";
import { feature } from "topojson-client";

const WITHOUT_CODE = { Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY" };
const DEGREE = Math.PI / 180;

const map = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json", "utf8"));
const asDegrees = geoProjection((x, y) => [x / DEGREE, y / DEGREE]).scale(1).translate([0, 0]).precision(0);
const upright = (each) => (typeof each[0] === "number" ? [each[0], -each[1]] : each.map(upright));
const features = feature(map, map.objects.countries)
  .features.map((each) => ({ ...each, properties: { name: WITHOUT_CODE[each.properties.name] ?? countries.numericToAlpha2(each.id) } }))
  .filter((each) => each.properties.name && each.properties.name !== "AQ")
  .map((each) => geoProject(each, asDegrees))
  .map((each) => ({ ...each, geometry: { ...each.geometry, coordinates: upright(each.geometry.coordinates) } }));
writeFileSync("named.json", JSON.stringify({ type: "FeatureCollection", features }));
