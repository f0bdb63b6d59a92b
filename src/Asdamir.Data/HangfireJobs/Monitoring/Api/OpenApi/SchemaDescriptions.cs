using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>
/// The descriptions and limits of all schemas. A test fails for a property without a description, and for a description without a property.
/// </summary>
internal static class SchemaDescriptions
{
    private static readonly SchemaRule States = new() { Values = Enum.GetNames<JobState>() };

    private static readonly SchemaRule LimitNumbers = new() { Minimum = 0, Maximum = JobLimits.MaxRunning };

    private static readonly SchemaRule Priorities = new() { Minimum = 0, Maximum = 9 };

    public static readonly IReadOnlyDictionary<string, SchemaDescription> All = new Dictionary<string, SchemaDescription>(
        StringComparer.Ordinal)
    {
        ["Statistics"] = new("The jobs of the whole schema by state.")
        {
            { "enqueued", "Jobs that wait in a queue." },
            { "failed", "Jobs that failed and have no attempt left." },
            { "processing", "Jobs that are being executed." },
            { "succeeded", "Jobs that ever succeeded." },
            { "scheduled", "Jobs that wait for their time." },
            { "deleted", "Jobs that were ever deleted." },
            { "awaiting", "Jobs that wait for their parent." },
            { "retry", "Scheduled jobs that are retries." },
        },
        ["Job"] = new("A job in a list. Absent values are left out.")
        {
            { "id", "Identifies the job." },
            { "name", "The name of its job type; for a plain Hangfire job, its method." },
            { "state", "The state of the job.", States },
            { "createdAt", "When it was created (UTC)." },
            { "startedAt", "When a worker last started it (UTC)." },
            { "completedAt", "When it succeeded, failed or was deleted (UTC)." },
            { "dueAt", "When a scheduled job starts (UTC)." },
            { "attempt", "The number of the last or next attempt; 1 for the first.", new() { Minimum = 1 } },
            { "durationMilliseconds", "How long its last attempt took, when it has ended.", new() { Minimum = 0 } },
            { "latencyMilliseconds", "How long it waited before it was executed, when it has succeeded.", new() { Minimum = 0 } },
            { "errorType", "The type of the exception of a job that failed or waits for another attempt." },
            { "errorMessage", "The message of that exception." },
            { "fingerprint", "The kind of that error." },
            { "queue", "Its queue, which is its app." },
            { "priority", "Its priority: 0 comes first, 5 is the default.", Priorities },
            { "arguments", "Its arguments as JSON." },
        },
        ["JobDetails"] = new("All details of a job. Absent values are left out.")
        {
            { "id", "Identifies the job." },
            { "name", "The name of its job type." },
            { "state", "Its state, as in lists, or a state that another library added." },
            { "reason", "Why it is in that state; of a retry, which one it is, by which rule, and how the message of the error begins." },
            { "queue", "Its queue, which is its app." },
            { "createdAt", "When it was created (UTC)." },
            { "expiresAt", "When the storage removes it (UTC)." },
            { "attempt", "The number of the last or next attempt; 1 for the first.", new() { Minimum = 1 } },
            { "arguments", "Its arguments as JSON." },
            { "context", "What was ambient where it was enqueued, such as the tenant." },
            { "error", "The exception of a failed job." },
            { "output", "The result of a job that succeeded, as JSON: {\"duration\":…,\"output\":…}." },
            { "progress", "The last reported progress." },
            { "steps", "The steps it has done, in the order in which they ended." },
            { "cursors", "How far it has come." },
            { "recurringJobId", "The stored id of the recurring job that created it." },
            { "priority", "Its priority: 0 comes first, 5 is the default.", Priorities },
            { "fairnessKey", "Its fairness key: among equal priorities keys take turns." },
            { "limits", "Its limits. A job that waits for their room is Enqueued.", new() { MaxItems = 5 } },
            { "uniqueKey", "Its unique key: no other job of its job type has it until this one has ended." },
            { "idempotencyKey", "The key of the call that created it." },
            { "parentId", "The job it continues." },
            { "workflowId", "The workflow it belongs to." },
            { "childIds", "The jobs that continue it." },
            { "history", "The states it was in, newest first." },
            { "loadError", "Why this process cannot load its job type." },
            { "queuePause", "The pause of the queue it waits in." },
            { "unservedQueue", "The queue it waits in, when no running server listens to it and it is not paused." },
            { "stuckSince", "Since when it continues although its token was cancelled." },
        },
        ["JobLimit"] = new("A limit of a job. Absent values are left out.")
        {
            { "name", "The name of the limit." },
            { "key", "The key for which it counts; absent when all its jobs count together." },
        },
        ["JobError"] = new("The exception of a failed job.")
        {
            { "type", "Its type." },
            { "message", "Its message." },
            { "details", "Its text with the stack trace." },
        },
        ["JobProgress"] = new("The progress that a job reported last.")
        {
            { "percent", "The progress in percent.", new() { Minimum = 0, Maximum = 100 } },
            { "text", "The current step." },
            { "at", "When it was reported (UTC)." },
        },
        ["JobStep"] = new("A step that a job has done; a later attempt does not do it again.")
        {
            { "name", "Its name." },
            { "startedAt", "When it began (UTC)." },
            { "endedAt", "When it was done (UTC)." },
            { "attempt", "The number of the attempt that did it.", new() { Minimum = 1 } },
            { "result", "Its result as JSON; absent when it returned nothing." },
        },
        ["JobCursor"] = new("A value that says how far a job has come; its next attempt continues there.")
        {
            { "name", "Its name." },
            { "at", "When its value was stored (UTC)." },
            { "value", "Its value as JSON." },
        },
        ["JobHistoryEntry"] = new("A state a job was in.")
        {
            { "state", "The state." },
            { "reason", "The reason." },
            { "at", "When it entered it (UTC)." },
            { "data", "The data of the state." },
        },
        ["JobLogLine"] = new("A line of a job's log.")
        {
            { "at", "When it was written (UTC)." },
            { "level", "The level of the line." },
            { "message", "The text." },
        },
        ["RecurringJob"] = new("A schedule of jobs. Absent values are left out.")
        {
            { "id", "The stored id, with the app's prefix." },
            { "name", "The name of its job type." },
            { "cron", "The cron expression." },
            { "queue", "The queue of its jobs." },
            { "nextExecution", "The next execution (UTC); absent while it is paused." },
            { "lastExecution", "The last execution (UTC)." },
            { "lastJobId", "Its last job." },
            { "lastJobState", "The state of its last job." },
            { "lastJobResult", "The result of its last job, as JSON." },
            { "removed", "Whether the entry of the id was removed." },
            { "timeZoneId", "The time zone of the schedule." },
            { "method", "The method that is executed." },
            { "class", "The class that is executed; absent when this process does not have it." },
        },
        ["LateRecurringJobs"] = new("The late recurring jobs of an app: an occurrence is due for over a minute and has not begun.")
        {
            { "app", "The app, by its queue." },
            { "count", "Late recurring jobs." },
            { "worstId", "The stored id of the one that is late for longest." },
            { "since", "Since when that one is late (UTC)." },
        },
        ["RecurringJobDetails"] = new("All details of a recurring job. Absent values are left out.")
        {
            { "id", "The stored id, with the app's prefix." },
            { "name", "The name of its job type." },
            { "cron", "The cron expression." },
            { "timeZoneId", "The time zone of the schedule." },
            { "queue", "The queue of its jobs." },
            { "nextExecution", "The next execution (UTC); absent while it is paused." },
            { "lastExecution", "The last execution (UTC)." },
            { "lastJobId", "Its last job." },
            { "paused", "Whether it is paused." },
            {
                "lateSince",
                "Since when an occurrence has been due (UTC) whose job has not begun, more than a minute late. Absent when none is late, "
                    + "and while the queue is paused."
            },
            { "pausedAt", "When it was paused (UTC)." },
            { "pauseReason", "Why it was paused." },
            { "queuePause", "The pause of the queue of its jobs." },
            { "error", "Why a server could not create the job." },
            { "misfire", "What happens to missed occurrences." },
            { "priority", "The priority of its jobs: 0 comes first, 5 is the default.", Priorities },
            { "fairnessKey", "The fairness key of its jobs." },
            { "uniqueKey", "The unique key of its jobs." },
            { "declared", "Whether an attribute in the app's code declares it." },
            { "arguments", "The arguments of its jobs as JSON." },
            { "class", "The class that is executed; absent when this process does not have it." },
        },
        ["Queue"] = new("A queue: the jobs in it, and the servers that listen to it. Absent values are left out.")
        {
            { "name", "The queue." },
            { "waiting", "Jobs that wait in it." },
            { "oldestAt", "When the oldest waiting job entered the queue (UTC)." },
            { "oldestWaitSeconds", "How long the oldest job has waited, in seconds.", new() { Minimum = 0 } },
            { "claimed", "Jobs that workers have claimed and not finished." },
            { "pause", "Its pause: none of its jobs is begun. Absent when it is not paused." },
            { "servers", "Running servers that listen to it.", new() { Minimum = 0 } },
            { "unserved", "Whether jobs wait in it, it is not paused, and no running server listens to it." },
            { "lastServer", "The server that listened to it last, within the last 24 hours; absent while one is running." },
            { "crashes", "The servers of this queue that died last, within the last 24 hours; absent when none did." },
        },
        ["Pause"] = new("What is paused, why, by whom and until when. Absent values are left out.")
        {
            { "kind", "What kind of thing is paused.", new() { Values = Enum.GetNames<JobPauseKind>() } },
            { "name", "Its name, as that of the queue." },
            { "reason", "Why." },
            { "by", "The user who paused it." },
            { "at", "When it was paused (UTC)." },
            { "until", "When the pause ends (UTC); absent for one that lasts until it is resumed." },
        },
        ["Limit"] = new("How many jobs of an app are executed at the same time, or begin in a window. Absent values are left out.")
        {
            { "queue", "The queue of the app." },
            { "name", "The name of the limit." },
            {
                "maxRunning",
                "How many are executed at the same time, for each key; with 0 none begins, and 1000000 is as good as any number.",
                LimitNumbers
            },
            { "rate", "How many may begin in a window, for each key, as 100/min; absent for any number." },
            { "skips", "Whether a job for which there is no room is deleted instead of waiting." },
            { "declared", "What the app has declared.", LimitNumbers },
            { "declaredRate", "The rate that the app has declared." },
            { "changedTo", "What an operator has set instead.", LimitNumbers },
            { "rateChangedTo", "The rate that an operator has set instead." },
            { "changedBy", "Who set it." },
            { "changedAt", "When it was set (UTC)." },
            { "reason", "Why it was set." },
            { "running", "Jobs that are executed under it, of all keys.", new() { Minimum = 0 } },
            {
                "waiting",
                "Jobs that wait and need its room, of all keys. Of jobs with the same limits and keys, up to 10,000 are counted.",
                new() { Minimum = 0 }
            },
        },
        ["Workflow"] = new("Jobs of which some wait for others, and their progress. Absent values are left out.")
        {
            { "id", "The id of the workflow." },
            { "queue", "The queue of the app." },
            { "name", "Its name, which need not be unique." },
            { "state", "Running while a job is executed, enqueued or scheduled; Failed when none is any more and one has failed." },
            { "createdAt", "When it was created (UTC)." },
            { "finishedAt", "Since when nothing of it runs any more (UTC)." },
            { "jobs", "How many jobs it has.", new() { Minimum = 1 } },
            { "waiting", "Jobs that wait for others.", new() { Minimum = 0 } },
            { "running", "Jobs that are executed, enqueued or scheduled.", new() { Minimum = 0 } },
            { "succeeded", "Jobs that have succeeded.", new() { Minimum = 0 } },
            { "failed", "Jobs that have failed, with their attempts used up.", new() { Minimum = 0 } },
            { "deleted", "Jobs that were deleted.", new() { Minimum = 0 } },
            { "cancelledAt", "When it was cancelled (UTC)." },
            { "cancelledBy", "Who cancelled it." },
            { "cancelReason", "Why it was cancelled." },
            { "onFinished", "The job that begins when it has finished." },
        },
        ["WorkflowDetails"] = new("A workflow with a page of its jobs. Absent values are left out.")
        {
            { "workflow", "The workflow and its progress." },
            { "jobs", "Jobs of it, in the order in which they were added.", new() { MaxItems = 200 } },
            { "next", "The start of the next page; absent when these are the last jobs." },
            { "edges", "Which jobs wait, or have waited, for those of this page.", new() { MaxItems = 10_000 } },
        },
        ["WorkflowMember"] = new("A job of a workflow. Absent values are left out.")
        {
            { "id", "The id of the job." },
            { "name", "The name of its job type." },
            { "state", "Its state; absent when the job is gone." },
            { "stateAt", "When it entered this state (UTC)." },
            { "waitsFor", "For how many other jobs it waits.", new() { Minimum = 0 } },
        },
        ["WorkflowEdge"] = new("A job that waits, or has waited, for another one.")
        {
            { "parent", "The job that is waited for." },
            { "child", "The job that waits." },
            { "when", "For which end of the other one it waits." },
        },
        ["ServerCrashes"] = new("The latest series of servers of a queue that died, each within 10 minutes of the one before.")
        {
            { "count", "Servers that died.", new() { Minimum = 1 } },
            { "firstAt", "When the first of them died (UTC)." },
            { "lastAt", "When the last of them died (UTC)." },
            { "rescuedJobs", "Their jobs that went back to the queues.", new() { Minimum = 0 } },
        },
        ["ServerSummary"] = new("A process that executes jobs, or did within the last 24 hours. Absent values are left out.")
        {
            { "id", "Identifies it; begins with the app and the machine." },
            { "queues", "The queues whose jobs it executes." },
            {
                "state",
                "Running; Silent without a heartbeat for a minute; Stopped; Died when it ended without being stopped.",
                new() { Values = [.. Enum.GetNames<ServerState>()] }
            },
            { "workers", "How many jobs it executes at the same time." },
            { "startedAt", "When it was started (UTC)." },
            { "heartbeatAt", "Its last heartbeat (UTC)." },
            { "endedAt", "When it was stopped, or was last known to live (UTC); absent while it has not ended." },
            { "rescuedJobs", "Its jobs that went back to their queues when it died.", new() { Minimum = 0 } },
        },
        ["HistoryPoint"] = new("The jobs that ended within one minute or hour.")
        {
            { "at", "The start of the interval (UTC)." },
            { "succeeded", "Jobs that succeeded." },
            { "failed", "Jobs that failed." },
            { "deleted", "Jobs that were deleted." },
        },
        ["JobFailures"] = new("The failed jobs of one job type.")
        {
            { "name", "The name of the job type." },
            { "queue", "Its queue, which is its app." },
            { "count", "Failed jobs." },
            { "lastAt", "When the last failed job failed (UTC)." },
            { "lastId", "The last failed job." },
        },
        ["JobFailureGroups"] = new("Failed jobs by job type, queue and kind of error.")
        {
            { "groups", "The groups, the one with the most jobs first." },
            { "read", "How many of the newest failed jobs were read.", new() { Minimum = 0 } },
            { "isPartial", "Whether older failed jobs were left out." },
        },
        ["JobFailureGroup"] = new("Failed jobs of one job type with one kind of error. Absent values are left out.")
        {
            { "name", "The name of the job type." },
            { "queue", "Its queue, which is its app." },
            {
                "fingerprint",
                "The kind of the error: the type of the exception, the app's methods in its stack trace, and its message without numbers, "
                    + "ids, quoted texts and values. Absent for jobs without an exception."
            },
            { "count", "Failed jobs.", new() { Minimum = 1 } },
            { "firstAt", "When the first of them failed (UTC)." },
            { "lastAt", "When the last of them failed (UTC)." },
            { "lastId", "One of them, usually the last." },
            { "errorType", "The type of its exception." },
            { "errorMessage", "The message of its exception." },
        },
        ["JobActionRequest"] = new("An action on one job.")
        {
            { "expectedState", "The state in which the job must be; in another state the action is refused.", States },
            { "reason", "The reason; recorded in the history of the job and in the audit.", new() { MaxLength = 500 } },
        },
        ["RecurringActionRequest"] = new("An action on a recurring job.")
        {
            { "reason", "The reason; recorded in the audit.", new() { MaxLength = 500 } },
        },
        ["PauseQueueRequest"] = new("A pause of a queue.")
        {
            { "reason", "The reason; shown wherever the queue is, and recorded in the audit.", new() { MaxLength = 500 } },
            {
                "until",
                "When the pause ends by the clock of the database (UTC); without it the pause lasts until the queue is resumed.",
                new() { Format = "date-time" }
            },
        },
        ["ResumeQueueRequest"] = new("The end of a pause of a queue.")
        {
            { "reason", "The reason; recorded in the audit.", new() { MaxLength = 500 } },
        },
        ["LimitChangeRequest"] = new("A new number or a new rate for a limit, or both.")
        {
            { "queue", "The queue of its app.", new() { IsRequired = true, MaxLength = 200 } },
            { "name", "The name of the limit.", new() { IsRequired = true, MaxLength = 200 } },
            {
                "maxRunning",
                "How many jobs are executed at the same time, for each key; with 0 none begins. Absent to leave it as it is.",
                LimitNumbers
            },
            {
                "rate",
                "How many may begin in a window, for each key: a number up to 1000000 and a window from 1s to 31d, as 100/min, 5/s or "
                    + "10/5min. Absent to leave it as it is.",
                new() { MaxLength = 40 }
            },
            { "reason", "The reason; shown with the limit and recorded in the audit.", new() { MaxLength = 500 } },
        },
        ["LimitResetRequest"] = new("A limit that is given back to its app.")
        {
            { "queue", "The queue of its app.", new() { IsRequired = true, MaxLength = 200 } },
            { "name", "The name of the limit.", new() { IsRequired = true, MaxLength = 200 } },
            { "reason", "The reason; recorded in the audit.", new() { MaxLength = 500 } },
        },
        ["WorkflowActionRequest"] = new("An action on a workflow.")
        {
            { "reason", "The reason; shown with the jobs and recorded in the audit.", new() { MaxLength = 500 } },
        },
        ["BulkActionRequest"] = new("An action on many jobs: either ids or a filter.")
        {
            {
                "ids",
                "The ids of the jobs. Up to 200 are answered with the report; more run in the background.",
                new() { MinItems = 1, MaxItems = 10_000 }
            },
            { "filter", "The conditions that the jobs match." },
            { "expectedState", "The state in which each job must be; jobs in another state are skipped.", States },
            { "reason", "The reason; recorded in the history of the jobs and in the audit.", new() { MaxLength = 500 } },
        },
        ["FilterRequest"] = new("Jobs that match all conditions. Jobs that enter the state after the request are not included.")
        {
            { "state", "The state of the jobs.", States with { IsRequired = true } },
            { "app", "The app, which is the queue.", new() { MaxLength = 200 } },
            { "name", "The name of the job type.", new() { MaxLength = 200 } },
            { "from", "The earliest time at which they entered their state (UTC)." },
            { "to", "The time before which they entered their state (UTC)." },
            { "q", "A text in arguments, errors or results.", new() { MaxLength = 200 } },
            { "fingerprint", "The kind of the error with which they failed.", new() { MaxLength = 200 } },
        },
        ["Report"] = new("The result of an action.")
        {
            { "done", "How many jobs, recurring jobs, limits or workflows were changed." },
            { "skipped", "How many were left unchanged, because their state changed or the action is not allowed." },
            { "failed", "How many failed because of an error." },
            { "remarks", "The reasons for the first hundred of these.", new() { MaxItems = 100 } },
            { "jobId", "The job that a trigger created." },
        },
        ["Remark"] = new("Why an action was not carried out.")
        {
            { "id", "The job, the recurring job, the limit or the workflow." },
            { "reason", "The reason." },
        },
        ["Operation"] = new("An action that runs in the background.")
        {
            { "id", "Identifies it, also in the audit.", new() { Format = "uuid" } },
            { "kind", "The action.", new() { Values = [.. ActionKinds.OnJobs.Select(static kind => kind.Kind.ToString())] } },
            { "target", "Its jobs: ids, or the filter as JSON." },
            { "finished", "Whether it has ended." },
            { "startedAt", "When it was requested (UTC)." },
            { "report", "The result so far." },
            { "error", "Why it ended early." },
        },
        ["Antiforgery"] = new("The token that actions of a signed-in browser need.")
        {
            { "headerName", "The header in which it is sent." },
            { "token", "The token; it belongs to the cookie of this response." },
        },
        ["Problem"] = new("An error (RFC 9457).")
        {
            { "type", "A link to the meaning of the status." },
            { "title", "The kind of error." },
            { "status", "The HTTP status.", new() { Minimum = 400, Maximum = 599 } },
            { "detail", "The cause of the error." },
            { "parameter", "The invalid parameter." },
            { "traceId", "Identifies the request in the logs of the app." },
        },
    };
}
