"""Form controls in the look of the kit, without a class of our own for every Django widget."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
_FILES = (forms.FileInput,)


class Look(DjangoTemplates):
    """The form renderer (FORM_RENDERER): `{{ form }}` looks like an included `_field.html`."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/parts/_field.html"


def is_group(field: BoundField) -> bool:
    """Return whether the field is a set of choices."""
    return isinstance(field.field.widget, _GROUPS)


def is_tick(field: BoundField) -> bool:
    """Return whether the field is one tick box."""
    return isinstance(field.field.widget, forms.CheckboxInput)


def drawn(field: BoundField) -> SafeString:
    """Return the control with the kit's class and the attributes phones need.

    Django wires `aria-describedby` (hint and error) and `aria-invalid` by itself.
    """
    widget = field.field.widget
    attrs: dict[str, str | bool] = {}
    if not is_group(field) and not is_tick(field) and not widget.is_hidden:
        kind = " input--file" if isinstance(widget, _FILES) else ""
        attrs["class"] = f"input{kind} {widget.attrs.get('class', '')}".strip()
    if isinstance(widget, forms.Textarea):
        attrs["cols"] = False  # the column decides the width
    if getattr(widget, "input_type", "") == "tel":
        attrs |= {"inputmode": "tel", "autocomplete": "tel"}
    return field.as_widget(attrs=attrs)
