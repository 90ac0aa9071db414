"""The rule language, key by key: what each may hold and what it is for.

One description for three uses: it checks every pack, becomes `rules/schema.json`, and lists the keys that
`rules/README.md` must explain.
"""

from __future__ import annotations

from aliado.language import Text
from aliado.rules.shapes import Bilingual, Key, ListOf, MapOf, Record
from aliado.rules.words import (
    Checked,
    Choice,
    DateOrder,
    Day,
    DueExpectation,
    Formula,
    KpiExpectation,
    Line,
    MonthDay,
    Name,
    Number,
    Span,
    Whole,
    YesNo,
)

FIELD_TYPES = ("text", "date", "money", "number", "percent", "bool")
PERIODS = ("month", "two_months", "quarter", "four_months", "half_year", "year", "fiscal_year")
SEVERITIES = ("info", "amber", "red")
CHECKS = (
    "duplicate", "duplicate_document", "gap", "chronology", "missing", "paid_twice", "unapplied", "unmatched",
    "tax_id", "link", "single_person", "blocked", "budget",
)  # fmt: skip


line, text, number, day, yes_no, formula, span = Line(), Bilingual(), Number(), Day(), YesNo(), Formula(), Span()
rule_id = Name(
    r"[A-Za-z][A-Za-z0-9_.-]{0,39}",
    Text("un código como AR-001 (letras, cifras, guiones)", "an id like AR-001 (letters, digits, hyphens)"),
)
word_id = Name(
    r"[a-z][a-z0-9_]{0,39}",
    Text(
        "un nombre como invoices o due_date (minúsculas, cifras, _)",
        "a name like invoices or due_date (lower case, digits, _)",
    ),
)
param_id = Name(
    r"[^\W\d]\w{0,39}",
    Text("un nombre como tolerancia (letras, cifras, _)", "a name like tolerance (letters, digits, _)"),
)
month_day = MonthDay()
period = Name(
    r"\d{4}(-(0[1-9]|1[0-2])|-[BQCHSP]\d)?",
    Text(
        "un periodo como 2026-10, 2026-Q3, 2026-B5, 2026-C2, 2026-H1 o 2026",
        "a period like 2026-10, 2026-Q3, 2026-B5, 2026-C2, 2026-H1 or 2026",
    ),
)
digits = Name(r"\d(-\d)?", Text("un dígito (3) o varios seguidos (2-3)", "a digit (3) or several in a row (2-3)"))
ordinal = Name(
    r"[1-9]|1[0-2]", Text("el número del periodo en el año: 1 a 12", "the number of the period in the year: 1 to 12")
)
pattern_id = Name(
    r"[A-Za-z0-9_.*-]{1,40}",
    Text('un código de regla o un comodín: AR-001, "AR-*"', 'a rule id or a wildcard: AR-001, "AR-*"'),
)
severity = Choice(*SEVERITIES)
confidence = Choice("high", "medium", "low")
source_ids = ListOf(rule_id, one=True)
field_ids = ListOf(word_id, one=True)
days_before = ListOf(Whole(0, 366))

formats = Record({
    "date": Key(DateOrder(), "orden de las fechas escritas como texto", "order of dates typed as text"),
    "decimal": Key(Choice(",", "."), "separador decimal de los importes escritos como texto", "decimal separator of amounts typed as text"),
    "percent": Key(Choice("points", "fraction"), "points si 15 es 15 %; fraction si lo es 0.15", "points if 15 means 15 %; fraction if 0.15 does"),
})  # fmt: skip

validity = Record({
    "from": Key(day, "primer día en que cuenta", "first day on which it counts"),
    "to": Key(day, "último día en que cuenta", "last day on which it counts"),
})  # fmt: skip

switch_off = Record({
    "reason": Key(text, "por qué se apaga", "why it is switched off", required=True),
    "by": Key(line, "quién lo aprobó", "who approved it", required=True),
    "until": Key(day, "hasta cuándo, inclusive", "until when, inclusive", required=True),
    "source": Key(source_ids, "en qué se apoya", "what it rests on"),
}, atomic=True)  # fmt: skip

COMMON = {
    "title": Key(
        text, "nombre de la regla, en español e inglés", "name of the rule, in Spanish and English", required=True
    ),
    "owner": Key(rule_id, "quién responde (de owners)", "who answers for it (from owners)"),
    "source": Key(source_ids, "fuente o fuentes (de sources)", "source or sources (from sources)"),
    "valid": Key(validity, "fechas entre las que cuenta", "dates between which it counts"),
    "off": Key(
        switch_off,
        "apaga la regla, con motivo, aprobador y fin",
        "switches the rule off, with reason, approver and end",
    ),
    "confidence": Key(confidence, "cuánto se confía en ella", "how far it is trusted"),
    "unverified": Key(
        yes_no,
        "true si no se ha visto en la fuente: se mostrará «sin verificar»",
        'true if not seen at the source: shown as "unverified"',
    ),
    "note": Key(text, "aclaración que se muestra con la regla", "remark shown with the rule"),
}
_applies = {"for": Key(formula, "a quién o a qué filas se aplica", "to whom or to which rows it applies")}

source = Record({
    "title": Key(text, "qué es: norma, artículo, contrato...", "what it is: law, article, contract...", required=True),
    "kind": Key(Choice("law", "guidance", "article", "business", "example"), "clase de fuente", "kind of source", required=True),
    "url": Key(ListOf(line, one=True), "dónde se lee", "where to read it"),
    "checked": Key(Checked(), "cuándo se miró por última vez: 2026-11-20, o 2026-11", "when it was last looked at: 2026-11-20, or 2026-11"),
    "confidence": Key(confidence, "cuánto se confía en ella", "how far it is trusted"),
    "unverified": Key(yes_no, "true si no se ha visto la fuente misma", "true if the source itself was not seen"),
    "note": Key(text, "aclaración", "remark"),
})  # fmt: skip

owner = Record({
    "title": Key(text, "cómo se llama", "what it is called", required=True),
    "email": Key(line, "correo para los avisos", "e-mail for alerts"),
})  # fmt: skip

dated_value = Record({
    "value": Key(line, "valor desde esa fecha", "value from that date", required=True),
    "source": Key(source_ids, "en qué se apoya", "what it rests on"),
    "unverified": Key(yes_no, "true si no se ha visto en la fuente", "true if not seen at the source"),
}, atomic=True)  # fmt: skip

param = Record({
    "title": Key(text, "qué es", "what it is", required=True),
    "type": Key(Choice(*FIELD_TYPES), "tipo del valor", "type of the value", required=True),
    "value": Key(line, "valor único", "single value"),
    "values": Key(MapOf(day, dated_value), "valores con la fecha desde la que rigen", "values with the date from which they hold"),
    "source": Key(source_ids, "fuente", "source"),
    "unverified": Key(yes_no, "true si no se ha visto en la fuente", "true if not seen at the source"),
}, either=(frozenset({"value"}), frozenset({"values"})), needs=True)  # fmt: skip

field = Record({
    "title": Key(text, "cómo se llama el campo", "what the field is called"),
    "type": Key(Choice(*FIELD_TYPES), "cómo se lee la celda", "how the cell is read", required=True),
    "required": Key(yes_no, "sin él la tabla no se reconoce", "without it the table is not recognised"),
    "computed": Key(yes_no, "lo calcula Aliado; no se lee", "computed by Aliado; not read"),
    "names": Key(ListOf(line, append=True), "encabezados con que se reconoce, en cualquier idioma (se suman a los heredados)", "headings it is recognised by, in any language (added to the inherited ones)"),
    "also": Key(ListOf(line, append=True), "encabezados que valen solo si no está ninguno de names (Importe cuando no hay Total)", "headings that count only where none of names is there (Importe where there is no Total)"),
})  # fmt: skip

table = Record({
    "title": Key(text, "cómo se llama la tabla", "what the table is called", required=True),
    "key": Key(word_id, "campo que identifica la fila", "field that identifies the row", required=True),
    "names": Key(ListOf(line, append=True), "nombres de hoja o de tabla de Excel con que se reconoce", "sheet or Excel table names it is recognised by"),
    "fields": Key(MapOf(word_id, field), "campos canónicos", "canonical fields", required=True),
    "from": Key(Record({
        "sheet": Key(line, "hoja del cliente", "the client's sheet"),
        "table": Key(line, "tabla de Excel del cliente", "the client's Excel table"),
    }), "dónde está en el libro del cliente", "where it stands in the client's workbook"),
    "formats": Key(formats, "formatos de esta tabla", "formats of this table"),
    "map": Key(MapOf(word_id, line), "campo -> encabezado del cliente, o fórmula sobre sus columnas", "field -> the client's heading, or a formula over their columns"),
    "values": Key(MapOf(word_id, MapOf(line, line)), "campo -> lo que escribe el cliente -> valor canónico", "field -> what the client types -> canonical value"),
})  # fmt: skip

level = Record({
    "over": Key(number, "se alcanza cuando el valor es mayor", "reached when the value is greater", required=True),
    "label": Key(line, "nombre corto del tramo, el mismo en los dos idiomas y en los ejemplos", "short name of the level, the same in both languages and in examples", required=True),
    "title": Key(text, "cómo se lee el tramo, si no es su nombre corto", "how the level reads, when not by its short name"),
    "action": Key(text, "qué se hace", "what is done"),
    "severity": Key(severity, "gravedad", "severity", required=True),
}, atomic=True)  # fmt: skip

flag = Record({
    **COMMON, **_applies,
    "table": Key(word_id, "tabla cuyas filas mira", "table whose rows it looks at", required=True),
    "when": Key(formula, "condición que hace saltar el aviso", "condition that raises the flag"),
    "value": Key(formula, "valor que cae en uno de los levels", "value that falls into one of the levels"),
    "levels": Key(ListOf(level), "tramos, del mayor al menor", "levels, from highest to lowest"),
    "check": Key(Choice(*CHECKS), "comprobación hecha entre filas: repetidos, saltos, faltantes, conciliación...", "ready-made check across rows: duplicates, gaps, missing, bank matching..."),
    "of": Key(field_ids, "campos que mira la comprobación", "fields the check looks at"),
    "by": Key(field_ids, "campos que agrupan la comprobación", "fields that group the check"),
    "params_at": Key(formula, "fecha a la que se leen los parámetros con fechas", "date at which dated parameters are read"),
    "severity": Key(severity, "gravedad", "severity"),
    "message": Key(text, "texto del aviso, con {Encabezado}", "text of the flag, with {Heading}"),
    "action": Key(text, "qué hacer", "what to do"),
    "evidence": Key(Record({
        "table": Key(word_id, "tabla de las filas", "table of the rows", required=True),
        "match": Key(word_id, "campo que ambas filas tienen igual", "field that both rows have alike", required=True),
        "when": Key(formula, "qué filas", "which rows"),
    }, atomic=True), "filas de otra tabla en que se apoya el aviso", "rows of another table that the flag rests on"),
    "same_matter_as": Key(rule_id, "aviso de la misma tabla que dice lo mismo: donde saltan los dos, aquel lleva la gravedad mayor y la acción, y este cuenta como información", "flag of the same table that tells the same matter: where both fire, that one bears the higher severity and the action, and this one counts as information"),
    "one_at_a_time": Key(yes_no, "true si la acción de cada tramo solo sigue a la anterior ya enviada", "true if each level's action only follows the one before, once sent"),
}, either=(frozenset({"when"}), frozenset({"value", "levels"}), frozenset({"check", "of", "by"})), needs=True)  # fmt: skip

trend = Record({
    "compare": Key(Name(r"average_([2-9]|1\d|2[0-4])_months|previous_month|same_month_last_year|budget", Text("average_6_months, previous_month, same_month_last_year o budget", "average_6_months, previous_month, same_month_last_year or budget")), "con qué se compara", "what it is compared with", required=True),
    "alert_change": Key(number, "cambio que alerta", "change that alerts", required=True),
    "min_points": Key(Whole(2, 60), "mínimo de observaciones", "fewest observations"),
    "hold": Key(span, "cuánto debe durar antes de avisar", "how long it must last before it alerts"),
})  # fmt: skip

kpi = Record({
    **COMMON,
    "table": Key(word_id, "tabla de las columnas sin nombre de tabla", "table of columns written without a table name"),
    "where": Key(formula, "filas que cuentan", "rows that count"),
    "value": Key(formula, "el indicador", "the indicator", required=True),
    "params_at": Key(formula, "fecha a la que se leen los parámetros con fechas", "date at which dated parameters are read"),
    "unit": Key(Choice("days", "%", "index", "money", "count", also={"días": "days", "dias": "days", "índice": "index", "indice": "index", "dinero": "money", "importe": "money", "número": "count"}), "unidad; con % el valor es una fracción", "unit; with % the value is a fraction", required=True),
    "better": Key(Choice("lower", "higher", "none"), "qué es mejor", "what is better", required=True),
    "target": Key(number, "objetivo", "target"),
    "amber": Key(number, "límite del amarillo", "amber line"),
    "red": Key(number, "límite del rojo", "red line"),
    "trend": Key(trend, "alerta sobre su propia historia", "alert on its own history"),
    "method": Key(text, "cómo se calcula, dicho en una frase", "how it is computed, said in one sentence"),
    "empty": Key(text, "qué se dice cuando no hay cifra (#N/A)", "what is said when there is no figure (#N/A)"),
})  # fmt: skip

_day_of_month = Whole(1, 31)
by_digit = Record({
    "of": Key(word_id, "campo de la ficha (tax_id)", "profile field (tax_id)", required=True),
    "position": Key(Whole(1, 20, "last", "last_before_check"), "qué dígito, contando solo cifras", "which digit, counting digits only", required=True),
    "days": Key(MapOf(digits, _day_of_month), "dígito -> día del mes", "digit -> day of the month"),
    "business_days": Key(MapOf(digits, Whole(1, 23)), "dígito -> día hábil del mes", "digit -> business day of the month"),
    "day": Key(_day_of_month, "día de partida", "day to start from"),
    "add_business_days": Key(MapOf(digits, Whole(0, 23)), "dígito -> días hábiles de más", "digit -> extra business days"),
}, either=(frozenset({"days"}), frozenset({"business_days"}), frozenset({"day", "add_business_days"})), needs=True, atomic=True)  # fmt: skip

dated_period = Record({
    "date": Key(day, "fecha para todos", "date for all"),
    "by_digit": Key(MapOf(digits, day), "dígito -> fecha", "digit -> date"),
    "source": Key(source_ids, "en qué se apoya", "what it rests on"),
}, either=(frozenset({"date"}), frozenset({"by_digit"})), needs=True, atomic=True)  # fmt: skip

_due_keys = {
    "months_after": Key(Whole(-12, 24), "meses desde el último del periodo (1 si no se dice)", "months after the period's last (1 unless said)"),
    "day": Key(Whole(1, 31, "last"), "día del mes, o last", "day of the month, or last"),
    "business_day": Key(Whole(1, 23, "last"), "día hábil del mes, o last", "business day of the month, or last"),
    "days_after": Key(Whole(1, 400), "días desde el fin del periodo", "days after the period's end"),
    "on": Key(ListOf(month_day), "días fijos del año: [04-20, 10-20]", "fixed days of the year: [04-20, 10-20]"),
    "year_offset": Key(Whole(0, 2), "con on: años después del periodo", "with on: years after the period"),
    "by_digit": Key(by_digit, "según un dígito de la identificación", "by a digit of the tax id"),
    "table": Key(MapOf(period, dated_period), "tabla anual: periodo -> fechas", "yearly table: period -> dates"),
    "digit": Key(Record({
        "of": Key(word_id, "campo de la ficha (tax_id)", "profile field (tax_id)", required=True),
        "position": Key(Whole(1, 20, "last", "last_before_check"), "qué dígito, contando solo cifras", "which digit, counting digits only", required=True),
    }, atomic=True), "con table: qué dígito elige la fecha", "with table: which digit picks the date"),
}  # fmt: skip
_due_ways = (
    frozenset({"day"}),
    frozenset({"business_day"}),
    frozenset({"days_after"}),
    frozenset({"on", "year_offset"}),
    frozenset({"by_digit"}),
    frozenset({"table", "digit"}),
)
due_part = Record(_due_keys, either=_due_ways, needs=True, atomic=True)
due = Record(
    {
        **_due_keys,
        "by_period": Key(
            MapOf(ordinal, due_part),
            "otra regla para algún periodo del año: {4: {day: 30}}",
            "another rule for some period of the year: {4: {day: 30}}",
        ),
    },
    either=_due_ways,
    needs=True,
    atomic=True,
)

obligation = Record({
    **COMMON, **_applies,
    "every": Key(Choice(*PERIODS), "cada cuánto", "how often", required=True),
    "due": Key(due, "cuándo vence cada periodo", "when each period falls due", required=True),
    "if_holiday": Key(Choice("next", "previous", "next_unless_month_ends", "none"), "si cae en día inhábil", "if it falls on a non-business day", required=True),
    "extensions": Key(MapOf(period, dated_period), "prórrogas puntuales, con su norma", "one-off extensions, with their rule"),
    "remind": Key(days_before, "días antes en que se recuerda", "days before on which to remind"),
    "severity": Key(severity, "gravedad si vence sin presentar", "severity if it passes unfiled", required=True),
    "evidence": Key(text, "qué prueba que se presentó", "what proves that it was filed"),
    "names": Key(ListOf(line, append=True), "cómo puede llamarla el cliente en su tabla", "what the client's own table may call it"),
})  # fmt: skip

document = Record({
    **COMMON, **_applies,
    "expires": Key(Record({
        "after": Key(span, "tiempo desde la emisión", "time since issue"),
        "field": Key(word_id, "campo con la fecha de caducidad", "field with the expiry date"),
        "never": Key(yes_no, "true si no caduca", "true if it does not expire"),
    }, either=(frozenset({"after"}), frozenset({"field"}), frozenset({"never"})), needs=True, atomic=True), "cuándo caduca", "when it expires", required=True),
    "remind": Key(days_before, "días antes en que se recuerda", "days before on which to remind"),
    "renew": Key(span, "cuánto tarda en renovarse", "how long renewal takes"),
    "severity": Key(severity, "gravedad si falta o caducó", "severity if missing or expired", required=True),
    "evidence": Key(text, "qué se guarda como prueba", "what is kept as evidence"),
    "names": Key(ListOf(line, append=True), "cómo puede llamarlo el cliente en su tabla", "what the client's own table may call it"),
})  # fmt: skip

step = Record({
    "title": Key(text, "qué se hace", "what is done", required=True),
    "due": Key(span, "plazo desde el fin del periodo", "time from the period's end", required=True),
    "after": Key(ListOf(word_id, one=True), "pasos que van antes", "steps that come first"),
    "owner": Key(rule_id, "quién lo hace", "who does it"),
    "names": Key(ListOf(line, append=True), "cómo puede llamarlo el cliente en su tabla", "what the client's own table may call it"),
})  # fmt: skip

process = Record({
    **COMMON, **_applies,
    "every": Key(Choice(*PERIODS), "cada cuánto", "how often", required=True),
    "steps": Key(MapOf(word_id, step), "pasos", "steps", required=True),
    "names": Key(ListOf(line, append=True), "cómo puede llamar el cliente al proceso", "what the client may call the process"),
    "late": Key(Record({
        "amber": Key(span, "retraso que lo pone en amarillo", "delay that turns it amber"),
        "red": Key(span, "retraso que lo pone en rojo", "delay that turns it red"),
    }), "cuándo un retraso es grave", "when a delay is serious"),
})  # fmt: skip

alert = Record({
    "on": Key(ListOf(pattern_id, one=True), 'reglas: ["AR-*", IN-001]', 'rules: ["AR-*", IN-001]', required=True),
    "from": Key(severity, "desde qué gravedad", "from which severity", required=True),
    "to": Key(rule_id, "a quién; owner = al responsable de cada regla", "to whom; owner = each rule's own", required=True),
    "every": Key(Choice("day", "week", "month", "once"), "cada cuánto", "how often", required=True),
    "group_by": Key(word_id, "campo por el que se agrupa", "field to group by"),
    "escalate": Key(Record({
        "after": Key(span, "cuánto se espera", "how long to wait", required=True),
        "to": Key(rule_id, "a quién sube", "to whom it goes up", required=True),
    }, atomic=True), "a quién sube si sigue abierto", "to whom it goes up if still open"),
})  # fmt: skip

row_exception = Record({
    "rules": Key(ListOf(pattern_id, one=True), "reglas que se silencian", "rules that are silenced", required=True),
    "table": Key(word_id, "tabla de las filas", "table of the rows", required=True),
    "when": Key(formula, "qué filas", "which rows", required=True),
    "reason": Key(text, "por qué", "why", required=True),
    "by": Key(line, "quién lo aprobó", "who approved it", required=True),
    "until": Key(day, "hasta cuándo, inclusive", "until when, inclusive", required=True),
    "source": Key(source_ids, "en qué se apoya", "what it rests on"),
})  # fmt: skip

holidays = Record({
    "add": Key(MapOf(day, Record({
        "title": Key(text, "qué día es", "what day it is", required=True),
        "source": Key(source_ids, "en qué se apoya", "what it rests on"),
    }, atomic=True)), "días inhábiles que se suman", "non-business days added"),
    "remove": Key(ListOf(day), "días que sí se trabaja", "days that are worked after all"),
    "region": Key(Name(r"[A-Z0-9]{1,4}", Text("un código de región como MD", "a region code like MD")), "región cuyos festivos también cuentan", "region whose holidays count too"),
})  # fmt: skip

pack_name = Name(
    r"[a-z0-9][a-z0-9_-]{0,59}",
    Text("un nombre como mi-firma (minúsculas, cifras, guiones)", "a name like my-firm (lower case, digits, hyphens)"),
)

PACK = Record({
    "pack": Key(pack_name, "nombre del paquete", "name of the pack", required=True),
    "extends": Key(line, "paquete del que hereda: un nombre (base, ec) o un archivo de la carpeta", "pack it inherits from: a name (base, ec) or a file of the folder"),
    "version": Key(Name(r"[0-9A-Za-z.+-]{1,30}", Text("una versión como 1.0.0", "a version like 1.0.0")), "versión", "version", required=True),
    "title": Key(text, "título", "title", required=True),
    "country": Key(Name("[A-Z]{2}", Text("un país de dos letras mayúsculas: EC", "a country in two capital letters: EC")), "país: festivos y obligaciones", "country: holidays and obligations"),
    "currency": Key(Name("[A-Z]{3}", Text("una moneda de tres letras: USD", "a currency in three letters: USD")), "moneda cuando la ficha no la dice", "currency where the profile gives none"),
    "language": Key(Choice("es", "en"), "idioma cuando la ficha no lo dice", "language where the profile gives none"),
    "tax_id": Key(Record({
        "validator": Key(Name(r"[a-z]{2}\.[a-z_]+", Text("un validador de python-stdnum: ec.ruc", "a validator of python-stdnum: ec.ruc")), "con qué se comprueba (aviso, nunca error)", "what checks it (a warning, never an error)"),
        "title": Key(text, "cómo se llama: RUC, NIT, RFC, NIF", "what it is called: RUC, NIT, RFC, NIF"),
        "digits": Key(Whole(5, 20), "cuántas cifras tiene: si falta una, era un 0 inicial que Excel quitó", "how many digits it has: one missing was a leading 0 that Excel dropped"),
    }), "identificación fiscal del país", "the country's tax id"),
    "formats": Key(formats, "cómo se escriben fechas e importes", "how dates and amounts are typed"),
    "sources": Key(MapOf(rule_id, source), "fuentes que citan las reglas", "sources that rules cite"),
    "owners": Key(MapOf(rule_id, owner), "responsables", "who answers for what"),
    "holidays": Key(holidays, "festivos propios", "own holidays"),
    "params": Key(MapOf(param_id, param), "valores con nombre para las fórmulas", "named values for formulas"),
    "tables": Key(MapOf(word_id, table), "tablas y campos canónicos", "canonical tables and fields"),
    "flags": Key(MapOf(rule_id, flag), "avisos por fila", "flags per row"),
    "kpis": Key(MapOf(rule_id, kpi), "indicadores", "indicators"),
    "obligations": Key(MapOf(rule_id, obligation), "obligaciones con fecha", "obligations with dates"),
    "documents": Key(MapOf(rule_id, document), "documentos que el cliente debe tener", "documents the client must have"),
    "tasks": Key(MapOf(rule_id, process), "procesos y sus pasos", "processes and their steps"),
    "alerts": Key(MapOf(rule_id, alert), "a quién se avisa y cuándo", "who is alerted and when"),
    "exceptions": Key(MapOf(rule_id, row_exception), "filas que se silencian, con motivo y caducidad", "rows that are silenced, with reason and expiry"),
})  # fmt: skip

TEST = Record({
    "test": Key(line, "paquete que se prueba: un nombre o un archivo", "pack under test: a name or a file", required=True),
    "today": Key(day, "fecha de corte", "as-of date", required=True),
    "rules": Key(ListOf(pattern_id, one=True), "reglas que se comparan (todas si no se dice)", "rules that are compared (all unless said)"),
    "cases": Key(MapOf(rule_id, MapOf(word_id, line)), "caso -> tabla -> filas pegadas de Excel, separadas por |", "case -> table -> rows pasted from Excel, separated by |"),
    "kpis": Key(MapOf(rule_id, MapOf(rule_id, KpiExpectation())), "caso -> indicador -> valor esperado y su luz", "case -> indicator -> expected value and its light"),
    "due_dates": Key(ListOf(Record({
        "rule": Key(rule_id, "obligación", "obligation", required=True),
        "period": Key(period, "periodo", "period", required=True),
        "expect": Key(DueExpectation(), "fecha límite", "due date", required=True),
        "tax_id": Key(line, "identificación fiscal", "tax id"),
        "profile": Key(MapOf(word_id, line), "otros campos de la ficha del cliente", "other fields of the client's profile"),
    })), "fechas límite esperadas", "expected due dates"),
})  # fmt: skip
