//! Divides a module in two: what every page runs, and what some ask for, which is fetched then.
//!
//! Both are one program: they share the memory, the table of functions and the stack. Where the first part calls a
//! function of the second, a stub calls it through the table, in which the second part enters it as it is made. What
//! the second part calls of the first, it imports.

use crate::panics::without_hashes;
use anyhow::{Result, ensure};
use std::collections::HashSet;
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, Function, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, LocalFunction, Module,
};

/// Of what the second part imports.
const FIRST: &str = "first";

/// The two parts of `whole`, of which the second has the functions and modules of these `names`, and what only
/// they call. The first exports `kind`, by which JavaScript finds the second that belongs to it.
pub fn split(whole: &[u8], names: &[&str], kind: &str) -> Result<[Vec<u8>; 2]> {
    let mut first = Module::from_buffer(whole)?;
    let mut second = Module::from_buffer(whole)?;
    for name in names {
        let found = first.funcs.iter().any(|function| is_named(function, name));
        ensure!(found, "no function of the module is called {name}; see what became of it");
    }
    let gates: Vec<FunctionId> = (first.funcs.iter())
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .filter(|function| names.iter().any(|name| is_named(function, name)))
        .map(Function::id)
        .collect();
    let called_at_once = called(&first, roots(&first), &gates);
    let gates: Vec<FunctionId> = gates.into_iter().filter(|gate| called_at_once.contains(gate)).collect();
    let called_later = called(&first, gates.clone(), &[]);
    // Both were read from the same bytes: a function has the same place in both.
    let pairs: Vec<_> =
        first.funcs.iter().map(Function::id).zip(second.funcs.iter().map(Function::id)).collect();
    let both = |wanted: &dyn Fn(&FunctionId) -> bool| -> (Vec<FunctionId>, Vec<FunctionId>) {
        pairs.iter().filter(|(id, _)| wanted(id)).copied().unzip()
    };
    let shared = both(&|id| called_later.contains(id) && called_at_once.contains(id) && !gates.contains(id));
    let gates = both(&|id| gates.contains(id));
    open(&mut first, &shared.0, &gates.0, kind)?;
    share(&mut second, &shared.1, &gates.1)?;
    Ok([first.emit_wasm(), second.emit_wasm()])
}

fn is_named(function: &Function, name: &str) -> bool {
    // `<foldin::visitor::Event as core::clone::Clone>::clone` is of foldin.
    let own = without_hashes(function.name.as_deref().unwrap_or_default().trim_start_matches('<'));
    // After it comes what is in a module, a hash, or a remark of wasm-bindgen's.
    own.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
}

/// What is called from outside: exports, and through the table.
fn roots(module: &Module) -> Vec<FunctionId> {
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(id) => Some(id),
        _ => None,
    });
    let tabled = module.elements.iter().flat_map(|element| match &element.items {
        ElementItems::Functions(ids) => ids.clone(),
        ElementItems::Expressions(..) => Vec::new(),
    });
    exported.chain(tabled).chain(module.start).collect()
}

/// The functions that are called from `roots` on, without looking into the `closed` ones.
fn called(module: &Module, roots: Vec<FunctionId>, closed: &[FunctionId]) -> HashSet<FunctionId> {
    let mut found = HashSet::new();
    let mut next = roots;
    while let Some(id) = next.pop() {
        if found.insert(id)
            && !closed.contains(&id)
            && let FunctionKind::Local(function) = &module.funcs.get(id).kind
        {
            dfs_in_order(&mut Callees(&mut next), function, function.entry_block());
        }
    }
    found
}

struct Callees<'a>(&'a mut Vec<FunctionId>);

impl<'i> Visitor<'i> for Callees<'_> {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.0.push(*id);
    }
}

/// Makes stubs of the gates, and exports what the second part needs.
fn open(module: &mut Module, shared: &[FunctionId], gates: &[FunctionId], kind: &str) -> Result<()> {
    let table = module.tables.main_function_table()?.expect("a table of functions");
    let slots = module.tables.get_mut(table);
    let start = slots.initial;
    slots.initial += gates.len() as u64;
    slots.maximum = slots.maximum.map(|most| most + gates.len() as u64);
    for (&gate, slot) in gates.iter().zip(start..) {
        let function = module.funcs.get_mut(gate);
        let ty = function.ty();
        let FunctionKind::Local(LocalFunction { args, .. }) = &function.kind else {
            unreachable!("a local one")
        };
        let args = args.clone();
        let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
        body.instrs_mut().clear();
        args.iter().for_each(|&arg| {
            body.local_get(arg);
        });
        body.i32_const(slot as i32).call_indirect(ty, table);
    }
    let memory = module.get_memory_id()?;
    let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
    module.exports.add("table", table);
    // Of all that could bear the name, the memory is there in any case.
    module.exports.add(kind, memory);
    globals.iter().zip(0..).for_each(|(&id, at)| {
        module.exports.add(&format!("g{at}"), id);
    });
    shared.iter().zip(0..).for_each(|(&id, at)| {
        module.exports.add(&format!("f{at}"), id);
    });
    walrus::passes::gc::run(module);
    Ok(())
}

/// Imports what the first part exports, and enters the gates in the table.
fn share(module: &mut Module, shared: &[FunctionId], gates: &[FunctionId]) -> Result<()> {
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    module.start = None;
    let table = module.tables.main_function_table()?.expect("a table of functions");
    let memory = module.get_memory_id()?;
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    module.memories.get_mut(memory).data_segments.clear();
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
    let start = module.tables.get(table).initial;
    let offset = ConstExpr::Value(Value::I32(start as i32));
    let element =
        module.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(gates.to_vec()));
    let import = module.imports.add(FIRST, "table", table);
    let slots = module.tables.get_mut(table);
    slots.elem_segments.insert(element);
    (slots.initial, slots.maximum, slots.import) = (start + gates.len() as u64, None, Some(import));
    let import = module.imports.add(FIRST, "memory", memory);
    module.memories.get_mut(memory).import = Some(import);
    let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
    for (id, at) in globals.into_iter().zip(0..) {
        let import = module.imports.add(FIRST, &format!("g{at}"), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    for (&id, at) in shared.iter().zip(0..) {
        let import = module.imports.add(FIRST, &format!("f{at}"), id);
        let function = module.funcs.get_mut(id);
        if let FunctionKind::Import(own) = &function.kind {
            module.imports.delete(own.import);
        }
        let function = module.funcs.get_mut(id);
        function.kind = FunctionKind::Import(ImportedFunction { import, ty: function.ty() });
    }
    walrus::passes::gc::run(module);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, RefType, ValType};

    /// `page` calls `rare`, which calls `both` and `only`; `page` calls `both`, too.
    fn whole() -> Vec<u8> {
        let mut module = Module::default();
        let table = module.tables.add_local(false, 1, Some(1), RefType::FUNCREF);
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut function = |name: &str, calls: &[FunctionId]| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
            let arg = module.locals.add(ValType::I32);
            builder.name(name.to_owned());
            calls.iter().for_each(|&called| {
                builder.func_body().local_get(arg).call(called);
            });
            builder.finish(vec![arg], &mut module.funcs)
        };
        let both = function("crate[1]::both", &[]);
        let only = function("crate[1]::only", &[]);
        let rare = function("crate[1]::rare", &[both, only]);
        let page = function("page", &[rare, both]);
        let offset = ConstExpr::Value(Value::I32(0));
        let kind = ElementKind::Active { table, offset };
        let element = module.elements.add(kind, ElementItems::Functions(vec![both]));
        module.tables.get_mut(table).elem_segments.insert(element);
        module.exports.add("page", page);
        module.exports.add("memory", memory);
        module.emit_wasm()
    }

    fn names(module: &Module) -> Vec<String> {
        let locals = module.funcs.iter().filter(|function| matches!(function.kind, FunctionKind::Local(_)));
        let mut names: Vec<String> = locals.filter_map(|function| function.name.clone()).collect();
        names.sort();
        names
    }

    #[test]
    fn each_part_has_what_it_runs_and_both_agree_on_the_rest() {
        let [first, second] = split(&whole(), &["crate::rare"], "kind")
            .unwrap()
            .map(|bytes| Module::from_buffer(&bytes).unwrap());
        assert_eq!(names(&first), ["crate[1]::both", "crate[1]::rare", "page"]);
        assert_eq!(names(&second), ["crate[1]::only", "crate[1]::rare"]);
        for import in second.imports.iter() {
            assert!(
                first.exports.iter().any(|export| export.name == import.name),
                "{} is exported",
                import.name
            );
        }
        let slots = |module: &Module| module.tables.iter().map(|table| table.initial).collect::<Vec<_>>();
        assert_eq!((slots(&first), slots(&second)), (vec![2], vec![2]), "a slot for the stub");
        let entered = second.elements.iter().next().unwrap();
        assert!(matches!(entered.kind, ElementKind::Active { offset: ConstExpr::Value(Value::I32(1)), .. }));
    }

    #[test]
    fn a_name_that_no_function_has_is_refused() {
        let error = split(&whole(), &["crate::rar"], "kind").unwrap_err().to_string();
        assert!(error.starts_with("no function of the module is called crate::rar;"), "{error}");
    }
}
