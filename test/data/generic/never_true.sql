{# Rows in which a flag is raised: a count of what staging found wrong, meant for severity warn. #}
{% test never_true(model, column_name) %}

select * from {{ model }} where {{ column_name }}

{% endtest %}
