"""The kit's components, as the gallery shows them and as a test checks them."""

from communs.core.web.components.atlas import ATLAS
from communs.core.web.components.kind import REQUIRED, Component, Example, Option
from communs.core.web.components.ways import WAYS
from communs.core.web.components.words import WORDS

COMPONENTS: tuple[Component, ...] = (*WORDS, *WAYS, *ATLAS)

__all__ = ["COMPONENTS", "REQUIRED", "Component", "Example", "Option"]
