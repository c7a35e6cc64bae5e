/** Whether what was remembered of a project still holds. Shared by all its entries. */
export interface ProjectState {
  isInDoubt: boolean;
}

/** A project as it was read, whatever it consists of. */
export interface ReadProject {
  readonly id: string;
}

export interface ProjectStates {
  /** Called with a project just read: entries made of an equal one hold again. */
  confirm(project: ReadProject): ProjectState;
  /** Called when a project may have changed. */
  doubt(projectId: string): void;
}

/**
 * Every event of a project wakes its readers, and most change nothing that its URLs depend on. So
 * a wake-up only puts the project's entries in doubt, and the next request settles it for all of
 * them by reading the project again.
 */
export function createProjectStates(projectsMax: number): ProjectStates {
  const known = new Map<string, { readonly text: string; readonly state: ProjectState }>();

  const forget = (projectId: string) => {
    const found = known.get(projectId);
    // Nobody could put it in doubt any more.
    if (found) found.state.isInDoubt = true;
    known.delete(projectId);
  };

  return {
    confirm(project) {
      const text = JSON.stringify(project);
      const found = known.get(project.id);
      if (found?.text === text) {
        found.state.isInDoubt = false;
        return found.state;
      }
      forget(project.id);
      const state: ProjectState = { isInDoubt: false };
      known.set(project.id, { text, state });
      const oldest = known.keys().next().value;
      if (known.size > projectsMax && oldest !== undefined) forget(oldest);
      return state;
    },
    doubt(projectId) {
      const found = known.get(projectId);
      if (found) found.state.isInDoubt = true;
    },
  };
}
