# SPDX-License-Identifier: 0BSD
"""The parts of two official schemas that reports of xz-audit use, written out by hand.

SARIF 2.1.0       https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/
                  sarif-schema-2.1.0.json
CycloneDX 1.5     https://cyclonedx.org/schema/bom-1.5.schema.json

Types, required names, enumerations and patterns are those of the official schemas; names
that a report does not use are left out, and nothing beyond is allowed. On 2026-11-25
reports of all commands were valid by the official ones too, and of 1,728 changed reports
all were judged alike but for empty locations and tools, which only these refuse.
"""

import jsonschema


def record(required, optional=None):
    """An object with these properties and no others."""
    return {"type": "object", "properties": {**required, **(optional or {})},
            "required": sorted(required), "additionalProperties": False}


def array(items, **more):
    return {"type": "array", "items": items, **more}


TEXT = {"type": "string"}
BOOLEAN = {"type": "boolean"}
MESSAGE = record({"text": TEXT})

# ---- SARIF ----

SARIF_LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF_REGION = record({}, {"startLine": {"type": "integer", "minimum": 1},
                           "byteOffset": {"type": "integer", "minimum": -1}})
SARIF_LOCATION = record({"physicalLocation": record(
    {"artifactLocation": record({"uri": TEXT})}, {"region": SARIF_REGION})})
SARIF_RULE = record({"id": TEXT}, {
    "shortDescription": MESSAGE, "fullDescription": MESSAGE, "help": MESSAGE,
    "helpUri": TEXT, "defaultConfiguration": record({}, {"level": SARIF_LEVEL})})
SARIF_NOTIFICATION = record({"message": MESSAGE}, {
    "level": SARIF_LEVEL, "locations": array(SARIF_LOCATION)})
SARIF_INVOCATION = record({"executionSuccessful": BOOLEAN}, {
    "exitCode": {"type": "integer"}, "exitCodeDescription": TEXT,
    "toolExecutionNotifications": array(SARIF_NOTIFICATION)})
SARIF_RESULT = record({"message": MESSAGE}, {
    "ruleId": TEXT, "ruleIndex": {"type": "integer", "minimum": -1}, "level": SARIF_LEVEL,
    "locations": array(SARIF_LOCATION)})
SARIF_DRIVER = record({"name": TEXT}, {"version": TEXT, "rules": array(SARIF_RULE)})
SARIF = record(
    {"version": {"enum": ["2.1.0"]},
     "runs": array(record({"tool": record({"driver": SARIF_DRIVER})}, {
         "invocations": array(SARIF_INVOCATION), "results": array(SARIF_RESULT)}))},
    {"$schema": TEXT})

# ---- CycloneDX ----

CDX_TYPE = {"enum": ["application", "framework", "library", "container", "platform",
                     "operating-system", "device", "device-driver", "firmware", "file",
                     "machine-learning-model", "data"]}
CDX_REF = {"type": "string", "minLength": 1}
CDX_HASH = record(
    {"alg": {"enum": ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"]},
     "content": {"type": "string", "pattern": "^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|"
                 "[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$"}})
CDX_EVIDENCE = record({}, {"occurrences": array(record({"location": TEXT},
                                                        {"bom-ref": CDX_REF}))})
CDX_COMPONENT = record({"type": CDX_TYPE, "name": TEXT}, {
    "bom-ref": CDX_REF, "version": TEXT, "hashes": array(CDX_HASH), "evidence": CDX_EVIDENCE})
CDX_ANALYSIS = record({}, {
    "state": {"enum": ["resolved", "resolved_with_pedigree", "exploitable", "in_triage",
                       "false_positive", "not_affected"]},
    "justification": {"enum": ["code_not_present", "code_not_reachable",
                               "requires_configuration", "requires_dependency",
                               "requires_environment", "protected_by_compiler",
                               "protected_at_runtime", "protected_at_perimeter",
                               "protected_by_mitigating_control"]},
    "detail": TEXT})
CDX_VULNERABILITY = record({}, {
    "id": TEXT, "source": record({}, {"name": TEXT, "url": TEXT}), "analysis": CDX_ANALYSIS,
    "affects": array(record({"ref": CDX_REF}), uniqueItems=True)})
CYCLONEDX = record(
    {"bomFormat": {"enum": ["CycloneDX"]}, "specVersion": TEXT},
    {"version": {"type": "integer", "minimum": 1},
     "metadata": record({}, {
         "tools": record({}, {"components": array(CDX_COMPONENT, uniqueItems=True)}),
         "component": CDX_COMPONENT}),
     "components": array(CDX_COMPONENT, uniqueItems=True),
     "vulnerabilities": array(CDX_VULNERABILITY, uniqueItems=True)})

VALIDATORS = {"sarif": jsonschema.Draft7Validator(SARIF),
              "vex": jsonschema.Draft7Validator(CYCLONEDX)}


def places(document, path=()):
    """Every (path, value) in a document, the document itself aside."""
    pairs = (document.items() if isinstance(document, dict)
             else enumerate(document) if isinstance(document, list) else ())
    for key, value in pairs:
        yield (*path, key), value
        yield from places(value, (*path, key))


def changed(document, path, value):
    """A copy with another value at the path; None removes what is there."""
    copy = dict(document) if isinstance(document, dict) else list(document)
    if len(path) > 1:
        copy[path[0]] = changed(copy[path[0]], path[1:], value)
    elif value is None:
        del copy[path[0]]
    else:
        copy[path[0]] = value
    return copy
