{# The text without surrounding blanks, or null where a source wrote a sentinel for "no value", in any casing. #}
{% macro clean_text(column) -%}
    nullif(regexp_replace(btrim({{ column }}, E' \t\n\r\u00a0'), '^(n/a|null)$', '', 'i'), '')
{%- endmacro %}
