{#
    Money written by people as a number: 150.00, $200.50, 1,000.00, -$5, (50.00), ($1,234.50).
    A minus or parentheses make it negative. What does not read as money becomes null, never an error: length and
    pattern are checked before the cast, so no number can overflow. Equal amounts look equal: two decimals, or as many
    more as are not zero. The groups are of the kind `(?:…)`, which Postgres matches twice as fast as `(…)`.
#}
{% macro parse_amount(text) -%}
    {%- set number = '(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.][0-9]*)?|[.][0-9]+)' -%}
    {%- set signed = '(?:[-+]?\s*[$]?|[$]\s*[-+])\s*' -%}
    {%- set in_parentheses = '(?:[(]\s*' ~ signed ~ '|[$]\s*[(]\s*[-+]?\s*)' ~ number ~ '\s*[)]' -%}
    case
        when length({{ text }}) <= 40 and {{ text }} ~ '^(?:{{ signed }}{{ number }}|{{ in_parentheses }})$'
            then trim_scale(translate(regexp_replace({{ text }}, '\s', '', 'g'), '$,()+-', '')::numeric)
                * case when {{ text }} ~ '[-(]' then -1 else 1 end
                + 0.00
    end
{%- endmacro %}
