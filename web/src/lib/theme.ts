/* Light, dark, or what the system says. */
import { signal } from './signal';

export type Theme = 'system' | 'light' | 'dark';
const stored = localStorage.getItem('avow.theme');
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

const apply = (value: Theme) => {
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
};

export function startTheme(): void {
  apply(theme.get());
  theme.listen((value) => {
    apply(value);
    if (value === 'system') localStorage.removeItem('avow.theme');
    else localStorage.setItem('avow.theme', value);
  });
}
