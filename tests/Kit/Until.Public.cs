namespace Kit;

// Public in the kit alone: the conformance suite, which depends on nothing of ours, compiles Until.cs into itself.
public static partial class Until;
