{#
    For the post-hook of an incremental model: removes the rows whose key its input no longer has, as after the raw
    layer was loaded anew. Adding and changing is the model's own work.
#}
{% macro delete_vanished_rows(input, key) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as stored
        where not exists (select 1 from {{ input }} as present where present.{{ key }} = stored.{{ key }})
    {%- endif -%}
{%- endmacro %}
