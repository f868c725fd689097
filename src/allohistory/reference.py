"""
Bundles of arrays handed to kernels by reference.

A kernel takes five NamedTuples of some eighty arrays. numba passes a tuple by value, member by
member, so each call would push some seven hundred words, and LLVM would carry them through every
function: most of the time of a cold compilation. `refer` puts the arrays' descriptors (pointer,
shape, strides) on the stack of the caller once; kernels below get one pointer per bundle and read
``W.state`` through it. The same kernels still compile for the tuples themselves.

A reference is good only while the function that made it runs: it must not be returned. That
function must itself be a `kernel`: one that counts references gives its arrays up after the last
use of the tuple, which is the call of `refer`, and the heap is corrupted.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
)


class Reference(types.Type):
    """Type of a pointer to a NamedTuple's members."""

    def __init__(self, of):
        self.of = of
        super().__init__(f"Reference({of})")

    @property
    def key(self):
        """What makes two of these types the same."""
        return self.of


@register_model(Reference)
class ReferenceModel(models.PrimitiveModel):
    """Layout: one pointer."""

    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, dmm.lookup(fe_type.of).get_value_type().as_pointer())


@infer_getattr
class ReferenceAttribute(AttributeTemplate):
    """Types of the members."""

    key = Reference

    def generic_resolve(self, typ, attr):
        """Type of one member, None if there is none of that name."""
        return dict(zip(typ.of.fields, typ.of.types, strict=True)).get(attr)


def _load(builder, pointer):
    """
    Load an aggregate member by member.

    The descriptors never change below `refer`. The mark lets LLVM hoist them out of loops, which
    it otherwise could not, since any store might hit them. It goes with single words only.
    """
    kind = pointer.type.pointee
    if not isinstance(kind, ir.Aggregate):
        word = builder.load(pointer)
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word
    value = ir.Constant(kind, ir.Undefined)
    for n in range(len(kind)):
        part = cgutils.gep_inbounds(builder, pointer, 0, n)
        value = builder.insert_value(value, _load(builder, part), n)
    return value


@lower_getattr_generic(Reference)
def _member(_context, builder, typ, value, attr):
    """Read one member."""
    return _load(builder, cgutils.gep_inbounds(builder, value, 0, typ.of.fields.index(attr)))


@intrinsic
def refer(_typingctx, bundle):
    """Reference to a bundle, good while the calling function runs."""

    def put(_context, builder, _signature, args):
        slot = cgutils.alloca_once_value(builder, args[0])
        # An empty instruction that may write anything: nothing read through the pointer it
        # yields can move above the stores that filled the slot.
        same = ir.FunctionType(slot.type, [slot.type])
        return builder.asm(same, "", "=r,0,~{memory}", [slot], side_effect=True)

    return Reference(bundle)(bundle), put
