//! What is certainly there: instances of modules and blocks that no condition may leave out, and modules that are run.

use crate::model::{
    BlockRef, Data, ExprRef, InstanceId, Module, ModuleId, Repo, Scope, has_backend,
};

/// The scopes inside `block` in which it is certainly there.
pub(super) fn certain_scopes<'s>(repo: &Repo<'s>, block: &BlockRef<'s>) -> Vec<Scope<'s>> {
    let mut scopes = repo.live_scopes(block);
    scopes.retain(|scope| scope.which().perhaps.is_none());
    scopes
}

/// The scopes of the instances of `module` that are certainly there, outside of any block.
pub(super) fn certain_instances<'r, 's>(
    repo: &'r Repo<'s>,
    module: ModuleId,
) -> impl Iterator<Item = Scope<'s>> + 'r {
    let scopes = repo.module(module).instances.iter().map(|&instance| Scope::instance(instance));
    scopes.filter(|scope| {
        repo.caller(scope).is_none_or(|(call, outer)| {
            let calls = certain_scopes(repo, &call);
            // Of a module that is called in several ways, another one may be certain to call.
            calls.iter().any(|it| it.instance_id() == outer.instance_id())
        })
    })
}

/// Whether the call that leads to `instance` may make one.
pub(super) fn is_live(repo: &Repo<'_>, instance: InstanceId) -> bool {
    repo.instance(instance).parent.is_none_or(|(caller, call)| {
        repo.live_scopes(&call).iter().any(|it| it.instance_id() == Some(caller))
    })
}

/// Whether `module` is called and no call makes one, whatever is set: with `count = 0`, Terraform works out nothing in it.
pub(super) fn is_never_made(repo: &Repo<'_>, module: ModuleId) -> bool {
    let instances = &repo.module(module).instances;
    let is_none = |instance: InstanceId| {
        repo.instance(instance).parent.is_some_and(|(caller, call)| makes_none(repo, &call, caller))
    };
    !instances.is_empty() && instances.iter().all(|&instance| is_none(instance))
}

/// Whether `call`, in the instance `caller` of its module, surely makes no module.
pub(super) fn makes_none(repo: &Repo<'_>, call: &BlockRef<'_>, caller: InstanceId) -> bool {
    let scope = Scope::instance(caller);
    let said = |name: &str| {
        let value = &call.block.body.attribute(name)?.value;
        Some(repo.eval_surely(ExprRef { file: call.file, expr: value }, &scope))
    };
    let is_zero = said("count").is_some_and(|count| count.as_str().is_some_and(|it| it == "0"));
    is_zero
        || said("for_each").is_some_and(|each| match &each.data {
            Data::List(list) => list.items.is_empty() && list.open.is_none(),
            Data::Map(map) => map.entries.is_empty() && map.open.is_none(),
            _ => false,
        })
}

/// Whether `module` is certainly one that is run by itself: it says where its state is kept, or Terragrunt runs it.
pub(super) fn is_surely_root(repo: &Repo<'_>, module: &Module<'_>) -> bool {
    module.runs()
        && (module.files.iter().any(|file| has_backend(file))
            || repo.unit_in(&module.dir).is_some())
}
